/// Cuts a webhook body into frames: an array into its elements, anything else into its objects.
package struct BodyCutter {
  private enum Form {
    case unknown
    case array(ArrayScanner)
    case values(ValueScanner)
  }

  private let frameBytesMax: Int
  private var form = Form.unknown
  /// A byte order mark counts only at the very front.
  private var isFrontPassed = false
  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  package init(frameBytesMax: Int) { self.frameBytesMax = frameBytesMax }

  /// Nothing but blanks has come.
  var isEmpty: Bool { if case .unknown = form { true } else { false } }

  /// A frame has begun, not ended, and was not refused yet.
  var isWithinFrame: Bool {
    switch form {
    case .unknown: false
    case .array(let scanner): scanner.isWithinFrame
    case .values(let scanner): scanner.isWithinFrame
    }
  }

  /// The caller has dropped so many bytes at the front.
  package mutating func didDrop(_ count: Int) {
    switch form {
    case .unknown: break
    case .array(var scanner):
      scanner.didDrop(count)
      form = .array(scanner)
    case .values(var scanner):
      scanner.didDrop(count)
      form = .values(scanner)
    }
  }

  /// - Parameters:
  ///   - bytes: all that was not dropped yet.
  ///   - isLast: nothing follows.
  /// - Returns: one frame, or why there is none now.
  package mutating func next(in bytes: UnsafeRawBufferPointer, isLast: Bool) -> FrameCut {
    if case .unknown = form, let cut = unsafe choose(bytes, isLast) { return cut }
    switch form {
    case .array(var scanner):
      let cut = unsafe scanner.next(in: bytes, isLast: isLast)
      form = .array(scanner)
      return cut
    case .values(var scanner):
      let cut = unsafe scanner.next(in: bytes, isLast: isLast)
      form = .values(scanner)
      return cut
    case .unknown:
      return .ended
    }
  }

  /// Looks at the first byte that is neither blank nor a byte order mark; non-nil while there is none.
  private mutating func choose(_ bytes: UnsafeRawBufferPointer, _ isLast: Bool) -> FrameCut? {
    var start = 0
    if !isFrontPassed {
      if unsafe bytes.starts(with: Self.byteOrderMark) {
        start = Self.byteOrderMark.count
      } else if !isLast, unsafe Self.byteOrderMark.starts(with: bytes) {
        return .more(keepFrom: 0)
      }
      isFrontPassed = true
    }
    while start < bytes.count, unsafe bytes[start].isJsonBlank { start += 1 }
    guard start < bytes.count else { return isLast ? .ended : .more(keepFrom: start) }
    if unsafe bytes[start] == UInt8(ascii: "[") {
      var scanner = ArrayScanner(frameBytesMax: frameBytesMax)
      scanner.didDrop(-start)
      form = .array(scanner)
    } else {
      var scanner = ValueScanner(frameBytesMax: frameBytesMax)
      scanner.didDrop(-start)
      form = .values(scanner)
    }
    return nil
  }
}
