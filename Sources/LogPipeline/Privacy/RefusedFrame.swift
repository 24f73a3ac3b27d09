/// What may be written down of a frame that was not taken: its shape, not its content.
///
/// A frame that can not be parsed can not be redacted field by field, so everything is left out but punctuation, short
/// numbers that stand where a value stands, JSON's own words, and what stands where a key stands and looks like one.
package enum RefusedFrame {
  /// A longer digit run may be a card or an account.
  private static let digitsMax = 11
  private static let keyBytesMax = 64
  private static let redacted = Array("[REDACTED]".utf8)
  private static let words: Set<[UInt8]> = Set(
    ["true", "false", "null", "NaN", "Infinity", "-Infinity"].map { Array($0.utf8) })

  /// ASCII only, never longer than needed to show the shape.
  package static func shape(of bytes: [UInt8]) -> [UInt8] {
    var out: [UInt8] = []
    var at = 0
    while at < bytes.count {
      switch bytes[at] {
      case UInt8(ascii: "\""): at = appendString(bytes, from: at, to: &out)
      case UInt8(ascii: " "), 0x09, 0x0A, 0x0D:
        if out.last != 0x20 { out.append(0x20) }
        at += 1
      case let byte where isPunctuation(byte):
        out.append(byte)
        at += 1
      default: at = appendWord(bytes, from: at, to: &out)
      }
    }
    return out
  }

  /// A string: kept when it is a key that looks like one. Returns the place behind it.
  private static func appendString(
    _ bytes: [UInt8], from start: Int, to out: inout [UInt8]
  ) -> Int {
    var end = start + 1
    while end < bytes.count, bytes[end] != UInt8(ascii: "\"") {
      end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1
    }
    guard end < bytes.count else {
      appendRedacted(to: &out)
      return bytes.count
    }
    let content = bytes[(start + 1)..<end]
    var behind = end + 1
    while behind < bytes.count, bytes[behind] == 0x20 { behind += 1 }
    let isKey = behind < bytes.count && bytes[behind] == UInt8(ascii: ":")
    out.append(UInt8(ascii: "\""))
    if isKey, content.count <= keyBytesMax, content.allSatisfy(isKeyByte), hidesNothing(content) {
      out += content
    } else {
      out += redacted
    }
    out.append(UInt8(ascii: "\""))
    return end + 1
  }

  /// What stands outside of strings: a number, a word of JSON's, or text that has no business there.
  private static func appendWord(
    _ bytes: [UInt8], from start: Int, to out: inout [UInt8]
  ) -> Int {
    var end = start
    while end < bytes.count, bytes[end] != UInt8(ascii: "\""), bytes[end] > 0x20,
      !isPunctuation(bytes[end])
    { end += 1 }
    // A control character is a word by itself.
    end = max(end, start + 1)
    let word = Array(bytes[start..<end])
    if words.contains(word) || isNumber(word) && isValuePlace(after: out, before: bytes[end...]) {
      out += word
    } else {
      appendRedacted(to: &out)
    }
    return end
  }

  /// Several in a row are one: not even their number is told.
  private static func appendRedacted(to out: inout [UInt8]) {
    if out.last == 0x20, out.dropLast().suffix(redacted.count).elementsEqual(redacted) {
      out.removeLast()
      return
    }
    if !out.suffix(redacted.count).elementsEqual(redacted) { out += redacted }
  }

  /// A key can be a secret that is in use as a name: a token, a card.
  private static func hidesNothing(_ key: ArraySlice<UInt8>) -> Bool {
    var scrubbed: [UInt8] = []
    return unsafe key.withUnsafeBytes { unsafe Redactor().scrub($0, into: &scrubbed) } == 0
  }

  /// Short, and no date or social security number: a minus stands only at the front or behind an exponent's e.
  private static func isNumber(_ word: [UInt8]) -> Bool {
    guard word.count <= digitsMax, word.allSatisfy(isNumberByte) else { return false }
    return zip(word, word.dropFirst()).allSatisfy { before, byte in
      byte != UInt8(ascii: "-") || before | 0x20 == UInt8(ascii: "e")
    }
  }

  /// Among words, numbers are text: four of them can be a card.
  private static func isValuePlace(after out: [UInt8], before rest: ArraySlice<UInt8>) -> Bool {
    let opening = [UInt8(ascii: ":"), UInt8(ascii: ","), UInt8(ascii: "[")]
    let closing = [UInt8(ascii: "}"), UInt8(ascii: ","), UInt8(ascii: "]")]
    guard let before = out.last(where: { $0 != 0x20 }), opening.contains(before) else {
      return false
    }
    return rest.first { $0 > 0x20 }.map(closing.contains) ?? true
  }

  private static func isPunctuation(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "["), UInt8(ascii: "]"),
      UInt8(ascii: ":"), UInt8(ascii: ","):
      true
    default: false
    }
  }

  private static func isKeyByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
      UInt8(ascii: "."):
      true
    default: false
    }
  }

  private static func isNumberByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"),
      UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
      true
    default: false
    }
  }
}
