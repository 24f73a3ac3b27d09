import LogPipeline

/// Makes random events with secrets in random places and random spellings. All follows from the seed.
struct SecretPlanter {
  /// In every text that is no secret, so that kept and lost content can be told apart.
  static let word = "zephyrquill"

  private(set) var secrets: [String]
  private var random: SeededRandom
  private let time: String

  init(seed: UInt64, atMilliseconds now: Int64) {
    random = SeededRandom(seed: seed)
    time = UtcTime(milliseconds: now).text
    secrets = []
    for _ in 0..<4 {
      secrets += [
        email(), card(grouped: false), card(grouped: true), key(), iban(), phone(), ssn(),
      ]
    }
  }

  /// One line; `number` makes it another event than the others.
  mutating func event(_ number: Int) -> String {
    var members = [
      (#""timestamp""#, "\"\(time)\""), (#""request_id""#, "\"property-\(number)\""),
    ]
    let names = [
      "messages", "prompt", "response", "choices", "error", "error_message", "metadata", "model",
      "user_id", "session_id", "tags", "request_tags", "feature", "level", "endpoint", "status",
      "environment", "ip_address", "request", "usage", "extra", "relay", "unknown", "note",
      "attempt",
      "team", "headers", "host", "user_agent", "traceback", "trace_id", "finish_reason",
      "error_type",
    ]
    for _ in 0..<3 + below(8) {
      let name = below(5) == 0 ? string() : quoted(names[below(names.count)])
      guard !members.contains(where: { $0.0 == name }) else { continue }
      members.append((name, value(depth: below(6))))
    }
    if number.isMultiple(of: 2) { members.append((#""outcome_note""#, string())) }
    if number.isMultiple(of: 3), !members.contains(where: { $0.0 == #""status""# }) {
      members.append((#""status""#, #""failure""#))
    }
    return "{\(members.map { "\($0.0):\($0.1)" }.joined(separator: ","))}"
  }

  /// What is no frame: a piece of one.
  mutating func broken() -> String {
    let whole = event(-1)
    let cut = whole.index(whole.startIndex, offsetBy: 1 + below(whole.count - 2))
    return below(2) == 0 ? String(whole[..<cut]) : String(whole[cut...])
  }

  private mutating func value(depth: Int) -> String {
    switch depth > 0 ? below(6) : 5 {
    case 0, 1:
      let count = 1 + below(3)
      // Equal names would be one field, of which the last stays: of no harm, but nothing to look for either.
      let members = (0..<count).map { index in
        let name =
          below(4) == 0
          ? string() : quoted(["content", "text", "message", "a\(index)"][below(4)])
        return "\(name):\(value(depth: depth - 1))"
      }
      return "{\(members.joined(separator: ","))}"
    case 2:
      return
        "[\((0..<1 + below(3)).map { _ in value(depth: depth - 1) }.joined(separator: ","))]"
    case 3 where below(3) == 0:
      return secrets.filter { $0.allSatisfy(\.isNumber) }[below(4)]
    default: return string()
    }
  }

  /// A JSON string with a secret in it, perhaps inside JSON inside it.
  private mutating func string() -> String {
    var text = below(3) == 0 ? secret() : "\(around())\(secret())\(behind())"
    for _ in 0..<max(0, below(5) - 1) { text = "{\"m\": \(quoted(text))}" }
    return quoted(text)
  }

  private mutating func around() -> String {
    Self.word + [" ", " (", ", ", "\n", " <", "='", "\u{4e2d}", "\t", " \"", ";"][below(10)]
  }

  private mutating func behind() -> String {
    [" ", ") ", ", ", "\n", ">", "' ", "\u{3002}", "\t", "\" ", ";"][below(10)] + Self.word
  }

  /// One of the secrets, some of its characters spelled otherwise.
  private mutating func secret() -> String {
    let plain = secrets[below(secrets.count)]
    let style = below(4)
    var out = ""
    for scalar in plain.unicodeScalars {
      switch style {
      case 1 where scalar.value > 0x20 && below(2) == 0:
        out.unicodeScalars.append(Unicode.Scalar(scalar.value + 0xfee0) ?? scalar)
      case 2 where scalar.value > 0x20 && below(3) == 0:
        let digits = String(scalar.value, radix: 16)
        out += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
      case 3 where scalar == "@" || scalar == "+": out += scalar == "@" ? "%40" : "%2B"
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out
  }

  /// A JSON string literal; now and then a character is an escape that says the same.
  private mutating func quoted(_ text: String) -> String {
    var out = ""
    for scalar in JsonValue.quoted(text).dropFirst().dropLast().unicodeScalars {
      if scalar.properties.isAlphabetic, scalar.value < 0x80, out.last != "\\",
        !out.hasSuffix("\\u"),
        below(40) == 0
      {
        out += "\\u00" + String(scalar.value, radix: 16)
      } else {
        out.unicodeScalars.append(scalar)
      }
    }
    return "\"\(Self.isSound(out) ? out : String(JsonValue.quoted(text).dropFirst().dropLast()))\""
  }

  /// An escape's own letters may have been rewritten; then the plain literal is taken.
  private static func isSound(_ body: String) -> Bool {
    (try? JsonValue.parse("[\"\(body)\"]")) != nil
  }

  private mutating func below(_ limit: Int) -> Int { Int(random.next() % UInt64(limit)) }

  private mutating func digits(_ count: Int) -> String {
    (0..<count).map { _ in "\(below(10))" }.joined()
  }

  private mutating func letters(_ count: Int) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
    return String((0..<count).map { _ in alphabet[below(alphabet.count)] })
  }

  private mutating func email() -> String {
    "x\(letters(6)).k\(digits(3))@m\(digits(4)).example.com"
  }

  private mutating func card(grouped: Bool) -> String {
    let start = ["4", "55", "6011"][below(3)]
    let body = start + digits(15 - start.count)
    var sum = 0
    for (index, digit) in body.reversed().enumerated() {
      let value = (digit.wholeNumberValue ?? 0) * (index.isMultiple(of: 2) ? 2 : 1)
      sum += value > 9 ? value - 9 : value
    }
    let whole = Array(body + "\((10 - sum % 10) % 10)")
    guard grouped else { return String(whole) }
    return stride(from: 0, to: 16, by: 4).map { String(whole[$0..<$0 + 4]) }.joined(separator: " ")
  }

  private mutating func key() -> String {
    let prefix = ["sk-", "sk-ant-api03-", "hsa-", "hs_", "gsk_", "AIza"][below(6)]
    return "\(prefix)7q\(digits(12))\(letters(22))"
  }

  private mutating func iban() -> String {
    let account = digits(18)
    // "DE" is 1314.
    var remainder = 0
    for digit in "\(account)131400" {
      remainder = (remainder * 10 + (digit.wholeNumberValue ?? 0)) % 97
    }
    let check = 98 - remainder
    return "DE\(check < 10 ? "0" : "")\(check)\(account)"
  }

  private mutating func phone() -> String { "+1 212 555 0\(100 + below(900))" }
  private mutating func ssn() -> String {
    "219-\(10 + below(89))-\(1000 + below(8999))"
  }
}
