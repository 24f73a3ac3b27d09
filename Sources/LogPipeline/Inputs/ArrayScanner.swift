/// Cuts a JSON array that comes in pieces into its elements, whatever they are; each is judged by the parser.
///
/// It knows strings, escapes and nesting, no more: an element with an error inside costs only itself, as long as its
/// quotes and brackets come in pairs.
struct ArrayScanner {
  private enum Place: Equatable {
    case beforeArray
    case beforeFirst
    case afterComma
    /// Within an object or array of this depth.
    case nested(depth: Int)
    /// Within a string; depth 0: the element itself is the string.
    case string(depth: Int)
    case escape(depth: Int)
    /// A number or word: ends at a blank, comma or bracket.
    case scalar
    case afterElement
    case afterArray
  }

  private let frameBytesMax: Int
  private var place = Place.beforeArray
  private var position = 0
  private var elementStart = 0
  /// The element is over the limit and was said to be.
  private var isSkipping = false
  private var elementCount = 0

  init(frameBytesMax: Int) { self.frameBytesMax = frameBytesMax }

  /// An element has begun, not ended, and was not refused yet.
  var isWithinFrame: Bool { isWithinElement && !isSkipping }

  /// The caller has dropped so many bytes at the front.
  mutating func didDrop(_ count: Int) {
    position -= count
    elementStart -= count
  }

  /// - Parameters:
  ///   - bytes: all that was not dropped yet.
  ///   - isLast: nothing follows.
  /// - Returns: one frame, or why there is none now.
  mutating func next(in bytes: UnsafeRawBufferPointer, isLast: Bool) -> FrameCut {
    while position < bytes.count {
      let byte = unsafe bytes[position]
      switch place {
      case .nested, .string, .escape:
        if unsafe !skipNested(bytes) { break }
        if let cut = endElement() { return cut }
      case .scalar:
        guard byte.isJsonBlank || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]") else {
          position += 1
          continue
        }
        if let cut = endElement() { return cut }
      default:
        if let cut = step(byte) { return cut }
      }
    }
    return needMore(isLast)
  }

  /// Between elements, one byte.
  private mutating func step(_ byte: UInt8) -> FrameCut? {
    if byte.isJsonBlank {
      position += 1
      return nil
    }
    switch (place, byte) {
    case (.beforeArray, UInt8(ascii: "[")): place = .beforeFirst
    case (.beforeFirst, UInt8(ascii: "]")), (.afterElement, UInt8(ascii: "]")): place = .afterArray
    case (.afterElement, UInt8(ascii: ",")): place = .afterComma
    case (.beforeFirst, _), (.afterComma, _): return startElement(byte)
    case (.afterElement, _):
      return .broken("there is no comma after element \(elementCount)")
    case (.afterArray, _):
      return .broken("bytes follow the end of the array")
    default:
      return .broken("it does not start with a bracket")
    }
    position += 1
    return nil
  }

  private mutating func startElement(_ byte: UInt8) -> FrameCut? {
    switch byte {
    case UInt8(ascii: "{"), UInt8(ascii: "["): place = .nested(depth: 1)
    case UInt8(ascii: "\""): place = .string(depth: 0)
    case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: ":"):
      return .broken("an element is missing after element \(elementCount)")
    default: place = .scalar
    }
    elementStart = position
    isSkipping = false
    elementCount += 1
    position += 1
    return nil
  }

  /// Goes on within strings and nesting; true at the element's end.
  private mutating func skipNested(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var depth: Int
    var isInString = false
    var isEscaped = false
    switch place {
    case .nested(let known): depth = known
    case .string(let known): (depth, isInString) = (known, true)
    case .escape(let known): (depth, isInString, isEscaped) = (known, true, true)
    default: return false
    }
    var at = position
    scan: while at < bytes.count {
      if isEscaped {
        isEscaped = false
        at += 1
        continue
      }
      at =
        unsafe isInString
        ? ByteScan.nextInString(bytes, from: at) : ByteScan.nextBetweenStrings(bytes, from: at)
      guard at < bytes.count else { break }
      let byte = unsafe bytes[at]
      at += 1
      switch byte {
      case UInt8(ascii: "\\"): isEscaped = true
      case UInt8(ascii: "\""):
        isInString.toggle()
        if !isInString, depth == 0 { break scan }
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        if depth == 0 { break scan }
      default: break
      }
    }
    position = at
    place =
      isEscaped
      ? .escape(depth: depth) : isInString ? .string(depth: depth) : .nested(depth: depth)
    return place == .nested(depth: 0)
  }

  private mutating func endElement() -> FrameCut? {
    place = .afterElement
    guard !isSkipping else { return nil }
    let range = elementStart..<position
    return range.count > frameBytesMax ? .tooLong(range) : .frame(range)
  }

  private var isWithinElement: Bool {
    switch place {
    case .nested, .string, .escape, .scalar: true
    default: false
    }
  }

  private mutating func needMore(_ isLast: Bool) -> FrameCut {
    let isWithin = isWithinElement
    if isLast, place == .afterArray { return .ended }
    if isWithin, !isSkipping, position - elementStart > frameBytesMax {
      isSkipping = true
      return .tooLong(elementStart..<position)
    }
    if isLast {
      return .broken(
        isWithin ? "it ends within element \(elementCount)" : "its closing bracket is missing")
    }
    return .more(keepFrom: isWithin && !isSkipping ? elementStart : position)
  }
}
