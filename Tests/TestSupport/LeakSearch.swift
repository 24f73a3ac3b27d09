import LogPipeline

/// Looks for texts that must be nowhere, as they are and as JSON writes them.
package struct LeakSearch: Sendable {
  package struct Finding: Sendable, CustomStringConvertible {
    package let text: String
    package let place: String
    package let around: String
    package var description: String { "\(place) holds \"\(text)\": …\(around)…" }
  }

  /// What is looked for, without its escaped forms; at least four bytes each.
  package let texts: Set<String>
  private let forms: [(text: String, bytes: [UInt8])]
  /// The forms by a hash of their first four bytes, so that one pass looks for all of them.
  private let byStart: [[Int]]
  /// Of a long text its beginning and end alone tell enough.
  private static let pieceCharacters = 24

  package init(_ texts: some Sequence<String>) {
    self.texts = Set(texts)
    let forms = self.texts.sorted().flatMap { text in
      Set(Self.pieces(of: text).flatMap(Self.spellings)).map { (text, Array($0.utf8)) }
    }
    var byStart = [[Int]](repeating: [], count: 1 << 16)
    for (index, form) in forms.enumerated() {
      precondition(form.1.count >= 4, "\(form.0) is too short to look for")
      let start = form.1.prefix(4).reduce(0) { $0 >> 8 | UInt32($1) << 24 }
      byStart[Self.slot(start)].append(index)
    }
    self.forms = forms
    self.byStart = byStart
  }

  /// Every text that `bytes` hold, once each.
  package func findings(in bytes: [UInt8], of place: String) -> [Finding] {
    var found: [String: Finding] = [:]
    var start: UInt32 = 0
    for (end, byte) in bytes.enumerated() {
      start = start >> 8 | UInt32(byte) << 24
      // Most of a ring is zeros.
      if start == 0 || end < 3 { continue }
      let candidates = byStart[Self.slot(start)]
      if candidates.isEmpty { continue }
      let at = end - 3
      for (text, form) in candidates.map({ forms[$0] }) where found[text] == nil {
        guard at + form.count <= bytes.count, bytes[at..<at + form.count].elementsEqual(form)
        else { continue }
        let around = bytes[max(0, at - 40)..<min(bytes.count, at + form.count + 40)]
        found[text] = Finding(
          text: text, place: place, around: String(decoding: around, as: UTF8.self))
      }
    }
    return found.values.sorted { $0.text < $1.text }
  }

  private static func slot(_ start: UInt32) -> Int { Int((start &* 2_654_435_761) >> 16) }

  package func findings(in text: String, of place: String) -> [Finding] {
    findings(in: Array(text.utf8), of: place)
  }

  private static func pieces(of text: String) -> [String] {
    guard text.count > 2 * pieceCharacters else { return [text] }
    return [String(text.prefix(pieceCharacters)), String(text.suffix(pieceCharacters))]
  }

  /// Plain; inside a JSON string, as UTF-8 and as ASCII; inside a JSON string that is inside another.
  private static func spellings(_ text: String) -> [String] {
    let once = escaped(text)
    let ascii = asciiEscaped(once)
    return [
      text, once, escaped(once), ascii, escaped(ascii),
      once.split(separator: "/", omittingEmptySubsequences: false).joined(separator: "\\/"),
    ]
  }

  private static func escaped(_ text: String) -> String {
    String(JsonValue.quoted(text).dropFirst().dropLast())
  }

  private static func asciiEscaped(_ text: String) -> String {
    var out = ""
    for unit in text.utf16 {
      guard unit > 0x7E else {
        out.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
        continue
      }
      let digits = String(unit, radix: 16)
      out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
    return out
  }
}
