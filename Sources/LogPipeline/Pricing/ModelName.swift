/// A model's name as an event gives it, and the forms under which a table may list it.
///
/// Reduced step by step: case and blanks; prefixes of who serves it; suffixes of version and context size; `4-5` for `4.5`.
struct ModelName {
  /// At most ``bytesMax`` bytes, as they came.
  let given: [UInt8]
  /// From the least to the most reduced.
  let forms: [[UInt8]]
  /// The most reduced form, fit for a JSON string as it is.
  let normalised: [UInt8]

  /// Longer names are cut: no table lists one, and they would fill documents.
  static let bytesMax = 256

  /// Prefixes that leave the price as it is. Not `bedrock/`, `groq/` and other resellers: those have their own prices.
  private static let prefixes: [[UInt8]] = [
    "openai/", "azure/", "models/", "anthropic/", "google/", "gemini/", "vertex_ai/", "deepseek/",
    "deepseek-ai/", "moonshot/", "moonshotai/", "xai/", "x-ai/", "mistral/", "mistralai/",
    "dashscope/", "qwen/", "zai/", "minimax/", "litellm_proxy/", "holysheep/",
  ].map { Array($0.utf8) }

  init(_ raw: UnsafeRawBufferPointer) {
    given = unsafe Array(raw.prefix(Self.bytesMax))
    var head = Self.folded(given)
    var forms: [[UInt8]] = []
    while true {
      var form = head
      while true {
        forms.append(form)
        let dotted = Self.dotted(form)
        if dotted != form { forms.append(dotted) }
        guard let shorter = Self.withoutSuffix(form) else { break }
        form = shorter
      }
      guard let shorter = Self.withoutPrefix(head) else { break }
      head = shorter
    }
    self.forms = forms
    normalised = Self.jsonSafe(forms[forms.count - 1])
  }

  /// Lower case, without blanks around it, "-" for blanks inside.
  private static func folded(_ name: [UInt8]) -> [UInt8] {
    var out: [UInt8] = []
    for word in name.split(whereSeparator: { $0 == 0x20 || (0x09...0x0d).contains($0) }) {
      if !out.isEmpty { out.append(UInt8(ascii: "-")) }
      out += word.map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 }
    }
    return out
  }

  private static func withoutPrefix(_ name: [UInt8]) -> [UInt8]? {
    // A fine-tuned model, "ft:base:organisation:suffix:id", is named by its base.
    if name.starts(with: Array("ft:".utf8)) {
      return Array(name.dropFirst(3).prefix { $0 != UInt8(ascii: ":") })
    }
    return prefixes.first { name.count > $0.count && name.starts(with: $0) }
      .map { Array(name.dropFirst($0.count)) }
  }

  /// Without "[1m]", "@20250929", "-20250929" or "-2025-04-14" at its end.
  private static func withoutSuffix(_ name: [UInt8]) -> [UInt8]? {
    if name.last == UInt8(ascii: "]"), let open = name.lastIndex(of: UInt8(ascii: "[")) {
      let size = name[(open + 1)...].dropLast()
      guard let unit = size.last, unit == UInt8(ascii: "m") || unit == UInt8(ascii: "k"),
        size.count > 1, size.dropLast().allSatisfy(isDigit)
      else { return nil }
      return Array(name[..<open])
    }
    for (length, isDashed) in [(11, true), (9, false)] where name.count > length {
      let tail = Array(name.suffix(length))
      let opens = tail[0] == UInt8(ascii: "-") || (!isDashed && tail[0] == UInt8(ascii: "@"))
      if opens, isDate(Array(tail.dropFirst()), isDashed: isDashed) {
        return Array(name.dropLast(length))
      }
    }
    return nil
  }

  /// "20250929" or "2025-09-29", in this century.
  private static func isDate(_ text: [UInt8], isDashed: Bool) -> Bool {
    let dash = UInt8(ascii: "-")
    if isDashed, text[4] != dash || text[7] != dash { return false }
    let digits = isDashed ? Array(text[0..<4] + text[5..<7] + text[8..<10]) : text
    guard digits.allSatisfy(isDigit) else { return false }
    func number(_ range: Range<Int>) -> Int {
      digits[range].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }
    return (2000...2099).contains(number(0..<4)) && (1...12).contains(number(4..<6))
      && (1...31).contains(number(6..<8))
  }

  /// "4.5" for "4-5": single digits on both sides that stand alone, so neither "gpt-4-32k" nor a date.
  private static func dotted(_ name: [UInt8]) -> [UInt8] {
    var out = name
    for at in name.indices where name[at] == UInt8(ascii: "-") && at > 0 && at + 1 < name.count {
      let before = at > 1 ? name[at - 2] : UInt8(ascii: "-")
      let after = at + 2 < name.count ? name[at + 2] : UInt8(ascii: "-")
      if isDigit(name[at - 1]), isDigit(name[at + 1]), !isDigit(before),
        before != UInt8(ascii: "."),
        !isDigit(after), !(0x61...0x7a).contains(after)
      {
        out[at] = UInt8(ascii: ".")
      }
    }
    return out
  }

  /// Valid UTF-8 that needs no escape in a JSON string.
  private static func jsonSafe(_ name: [UInt8]) -> [UInt8] {
    String(decoding: name, as: UTF8.self).utf8.map {
      $0 < 0x20 || $0 == 0x7f || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\")
        ? UInt8(ascii: "_") : $0
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
