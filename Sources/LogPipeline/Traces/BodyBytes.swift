/// Bytes of a body, looked at by their places. Valid while the body stands still.
@safe struct BodyBytes {
  private let base: UnsafeRawBufferPointer

  init(_ base: UnsafeRawBufferPointer) { unsafe self.base = base }

  var count: Int { unsafe base.count }

  /// A place outside is a bug of ours: it stops the program before anything else is read.
  @inline(__always) subscript(_ at: Int) -> UInt8 {
    precondition(at >= 0 && at < count)
    return unsafe base[at]
  }

  func slice(_ range: Range<Int>) -> UnsafeRawBufferPointer {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    return unsafe UnsafeRawBufferPointer(rebasing: base[range])
  }

  func text(_ range: Range<Int>) -> String { unsafe String(decoding: slice(range), as: UTF8.self) }

  func holds(_ text: StaticString, at range: Range<Int>) -> Bool {
    guard range.count == text.utf8CodeUnitCount else { return false }
    return unsafe ByteScan.stands(text, at: 0, in: slice(range))
  }

  /// The first place of a byte in a range.
  func first(_ byte: UInt8, in range: Range<Int>) -> Int? {
    unsafe ByteScan.first(byte, in: slice(range)).map { range.lowerBound + $0 }
  }
}
