import LogPipeline
import TestSupport

/// Secrets at all the places that are not a message: lines that are refused, errors, unknown keys, names, headers.
struct PlantedSecrets {
  static let prompt = "the quiet otter hides nine keys"
  static let apiKey = "sk-ant-api03-Zx81kQ0pLm27VbNc55TyWr03"
  static let email = "otter.keeper@example.net"
  static let card = "5500 0055 5555 5559"
  static let cardDigits = "5500005555555559"
  static let ssn = "219-09-9999"
  static let iban = "DE89 3704 0044 0532 0130 00"
  static let phone = "+1 212 555 0187"
  static let texts = [prompt, apiKey, email, card, cardDigits, ssn, iban, phone]

  /// When they happen: now, so that they are all in today's index.
  let time: String
  var day: String { time.prefix(10).split(separator: "-").joined(separator: ".") }

  init(atMilliseconds now: Int64) { time = UtcTime(milliseconds: now).text }

  /// What no parser takes.
  let refused: [[UInt8]] = [
    Array(
      #"{"request_type":"chat","messages":[{"role":"user","content":"\#(prompt) \#(card)"#.utf8),
    Array("\(prompt) and \(card) and \(ssn) and \(iban)".utf8),
    Array("card \(card), ssn \(ssn)".utf8),
    Array(#"{"\#(apiKey)":1,"\#(email)":2,"\#(cardDigits)":"\#(prompt)"#.utf8),
    Array(#"{"v":NaN,"prompt":"\#(prompt) of \#(email)"}"#.utf8),
    Array(#"["\#(prompt)",\#(cardDigits)]"#.utf8),
    Array(#"{"content":"\#(prompt)","bad":""#.utf8) + [0xFF, 0xC3, 0x28, 0x22, 0x7D],
    // The second half of a frame: what stands outside of quotes is the text.
    Array(#"\#(prompt)","content":"pay with \#(card), or call \#(phone)"}"#.utf8),
  ]

  /// Events that are taken.
  var events: [String] {
    let all = "\(Self.apiKey) \(Self.email) \(Self.card) \(Self.ssn) \(Self.iban) \(Self.phone)"
    return [
      event("error", #""status":"failure","error_type":"KeyError","error_message":"no \#(all)""#),
      event(
        "trace",
        #""status":"failure","error":{"message":"no \#(all)","stack_trace":"\#(Self.prompt)"},"traceback":"\#(Self.prompt)""#
      ),
      event(
        "keys",
        #""\#(Self.apiKey)":1,"\#(Self.email)":{"x":"\#(Self.prompt)"},"n":{"\#(Self.cardDigits)":2,"\#(Self.prompt)":3},"paid_with":\#(Self.cardDigits),"note":"\#(Self.prompt)","list":[{"a":"\#(Self.prompt)"},"\#(Self.card)"]"#
      ),
      event(
        "names",
        #""user_id":"\#(Self.email)","model":"\#(Self.apiKey)","session_id":"\#(Self.card)","tags":["\#(Self.email)","\#(Self.prompt)"],"environment":"\#(Self.phone)","level":"\#(Self.prompt)","attempt":"\#(Self.email)","status_code":"\#(Self.prompt)","feature":"\#(Self.ssn)""#
      ),
      event(
        "headers",
        #""headers":{"authorization":"Bearer \#(Self.apiKey)","x-request-id":"\#(Self.email)","x-team-id":"\#(Self.card)","cookie":"\#(Self.prompt)"}"#
      ),
    ]
  }

  /// Taken, and unfit for an index where `error.message` is a number.
  var misfits: [String] {
    (0..<3).map {
      event("misfit-\($0)", #""status":"failure","error_message":"no \#(Self.apiKey)""#)
    }
  }

  private func event(_ id: String, _ members: String) -> String {
    #"{"timestamp":"\#(time)","request_id":"planted-\#(id)","messages":"\#(Self.prompt)",\#(members)}"#
  }

  /// Posts an event whose headers are secrets, and requests that are turned away.
  /// - Returns: the statuses.
  func post(to client: HttpClient, path: String, bearer: String) throws -> [Int] {
    let json = ("Content-Type", "application/json")
    let key = ("Authorization", "Bearer \(bearer)")
    let body = Array(event("webhook", #""status":"success""#).utf8)
    func status(_ headers: [(String, String)], path: String, body: [UInt8] = body) throws -> Int {
      try client.send("POST", path, headers: headers, body: body).status
    }
    let secret = [
      ("x-source", Self.apiKey), ("x-environment", Self.email), ("x-team-id", Self.card),
      ("User-Agent", Self.prompt), ("X-Request-ID", Self.ssn),
    ]
    return [
      try status([json, key] + secret, path: path),
      try status([json, ("Authorization", "Bearer \(Self.apiKey)")], path: path),
      try status([json, key], path: "/\(Self.apiKey)?token=\(Self.apiKey)"),
      try status([("Content-Type", "text/\(Self.apiKey)"), key], path: path),
      try status([json, key], path: path, body: refused[0]),
    ]
  }

  /// HTTP where lines are expected: a sender that took the wrong port.
  func knockAtWrongPort(_ port: UInt16) throws {
    let connection = try TcpClient(port: port)
    try connection.send(
      "POST /\(Self.apiKey) HTTP/1.1\r\nAuthorization: Bearer \(Self.apiKey)\r\n\r\n\(Self.prompt)")
    connection.finishSending()
    _ = try? connection.receiveAll()
  }
}
