/// Finds members, elements and values in JSON by their places, without looking into what it passes over: what is taken
/// out of it goes through the parser of all events afterwards.
enum JsonScan {
  /// Brackets within one another; one bit each.
  private static let depthMax = 64

  /// The value that fills `rest`, but for blanks around it.
  static func whole(
    in bytes: BodyBytes, _ rest: Range<Int>, noting ends: inout BracketEnds
  ) throws(TraceError) -> Range<Int> {
    let start = blanks(in: bytes, rest)
    guard start < rest.upperBound else {
      throw TraceError(place: start, what: "there is no value")
    }
    let end = try end(ofValueAt: start, in: bytes, rest.upperBound, noting: &ends)
    let after = blanks(in: bytes, end..<rest.upperBound)
    guard after == rest.upperBound else {
      throw TraceError(place: after, what: "more follows after the value")
    }
    return start..<end
  }

  /// What stands between the brackets of an object or a list; nil for other values.
  static func inside(
    _ bracket: Unicode.Scalar, of value: Range<Int>, in bytes: BodyBytes
  ) -> Range<Int>? {
    guard value.count >= 2, bytes[value.lowerBound] == UInt8(ascii: bracket) else {
      return nil
    }
    return value.lowerBound + 1..<value.upperBound - 1
  }

  /// A text without its quotes, as it is escaped; nil for other values.
  static func literal(_ value: Range<Int>, in bytes: BodyBytes) -> Range<Int>? {
    inside("\"", of: value, in: bytes)
  }

  /// The next member of an object whose inside, or the rest of it, is `rest`. The key is without its quotes. `ends`: what
  /// is known of brackets.
  static func member(
    in bytes: BodyBytes, _ rest: inout Range<Int>, _ ends: BracketEnds? = nil
  ) throws(TraceError) -> (key: Range<Int>, value: Range<Int>)? {
    let start = blanks(in: bytes, rest)
    guard start < rest.upperBound else { return nil }
    guard bytes[start] == UInt8(ascii: "\"") else {
      throw TraceError(place: start, what: "a key is no text")
    }
    let keyEnd = try end(ofTextAt: start, in: bytes, rest.upperBound)
    let colon = blanks(in: bytes, keyEnd..<rest.upperBound)
    guard colon < rest.upperBound, bytes[colon] == UInt8(ascii: ":") else {
      throw TraceError(place: colon, what: "a key has no colon behind it")
    }
    rest = colon + 1..<rest.upperBound
    guard let value = try element(in: bytes, &rest, ends) else {
      throw TraceError(place: colon, what: "a key has no value")
    }
    return (start + 1..<keyEnd - 1, value)
  }

  /// The next element of a list whose inside, or the rest of it, is `rest`.
  static func element(
    in bytes: BodyBytes, _ rest: inout Range<Int>, _ ends: BracketEnds? = nil
  ) throws(TraceError) -> Range<Int>? {
    let start = blanks(in: bytes, rest)
    guard start < rest.upperBound else { return nil }
    let end: Int
    if let known = ends?.end(of: start) {
      end = known
    } else {
      end = try unknownEnd(ofValueAt: start, in: bytes, rest.upperBound)
    }
    var next = blanks(in: bytes, end..<rest.upperBound)
    if next < rest.upperBound {
      guard bytes[next] == UInt8(ascii: ",") else {
        throw TraceError(place: next, what: "a comma is missing")
      }
      next = blanks(in: bytes, next + 1..<rest.upperBound)
      guard next < rest.upperBound else {
        throw TraceError(place: next, what: "nothing follows after a comma")
      }
    }
    rest = next..<rest.upperBound
    return start..<end
  }

  private static func unknownEnd(
    ofValueAt start: Int, in bytes: BodyBytes, _ limit: Int
  ) throws(TraceError) -> Int {
    var none = BracketEnds(levels: 0)
    return try end(ofValueAt: start, in: bytes, limit, noting: &none)
  }

  private static func blanks(in bytes: BodyBytes, _ rest: Range<Int>) -> Int {
    var at = rest.lowerBound
    while at < rest.upperBound, bytes[at].isJsonBlank { at += 1 }
    return at
  }

  private static func end(
    ofValueAt start: Int, in bytes: BodyBytes, _ limit: Int, noting ends: inout BracketEnds
  ) throws(TraceError) -> Int {
    switch bytes[start] {
    case UInt8(ascii: "\""): return try end(ofTextAt: start, in: bytes, limit)
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      return try end(ofBracketAt: start, in: bytes, limit, noting: &ends)
    default:
      var at = start
      while at < limit, isScalar(bytes[at]) { at += 1 }
      guard at > start else { throw TraceError(place: start, what: "this is no value") }
      return at
    }
  }

  private static func end(
    ofBracketAt start: Int, in bytes: BodyBytes, _ limit: Int, noting ends: inout BracketEnds
  ) throws(TraceError) -> Int {
    var at = start
    // The lowest bit is the innermost bracket; 1 is an object.
    var kinds: UInt64 = 0
    var depth = 0
    // Byte by byte: in spans the next text or bracket is one or two bytes away, which a search for it takes longer to say.
    while at < limit {
      switch bytes[at] {
      case UInt8(ascii: "\""):
        at = try end(ofTextAt: at, in: bytes, limit)
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        guard depth < depthMax else {
          throw TraceError(place: at, what: "there are more than \(depthMax) levels")
        }
        kinds = kinds << 1 | (bytes[at] == UInt8(ascii: "{") ? 1 : 0)
        depth += 1
        if depth <= ends.levels { ends.open(at: at) }
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        guard kinds & 1 == (bytes[at] == UInt8(ascii: "}") ? 1 : 0) else {
          throw TraceError(place: at, what: "a bracket is closed by another one")
        }
        if depth <= ends.levels { ends.close(at: at) }
        kinds >>= 1
        depth -= 1
        if depth == 0 { return at + 1 }
      default: break
      }
      at += 1
    }
    throw TraceError(place: start, what: "a bracket is not closed")
  }

  private static func end(
    ofTextAt start: Int, in bytes: BodyBytes, _ limit: Int
  ) throws(TraceError) -> Int {
    var at = start + 1
    while let quote = bytes.first(UInt8(ascii: "\""), in: at..<limit) {
      // Escaped, if the backslashes before it do not escape one another.
      var escapes = quote
      while escapes > at, bytes[escapes - 1] == UInt8(ascii: "\\") { escapes -= 1 }
      if (quote - escapes).isMultiple(of: 2) { return quote + 1 }
      at = quote + 1
    }
    throw TraceError(place: start, what: "a text is not closed")
  }

  /// Of numbers, true, false and null.
  private static func isScalar(_ byte: UInt8) -> Bool {
    ByteClass.isAlnum(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
      || byte == UInt8(ascii: ".")
  }
}
