/// Fixed memory for reading; behind its end lie 64 more readable bytes, as the JSON parser needs them.
@safe final class InputFileBuffer {
  static let paddingBytes = 64

  let capacityBytes: Int
  let bytes: UnsafeMutableRawBufferPointer

  init(capacityBytes: Int) {
    self.capacityBytes = capacityBytes
    let padded = UnsafeMutableRawBufferPointer.allocate(
      byteCount: capacityBytes + Self.paddingBytes, alignment: 64)
    unsafe padded.initializeMemory(as: UInt8.self, repeating: 0)
    unsafe bytes = padded
  }

  deinit { unsafe bytes.deallocate() }

  /// The bytes of a range, without the padding.
  func slice(_ range: Range<Int>) -> UnsafeMutableRawBufferPointer {
    unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[range])
  }

  /// Moves a range to the front.
  func moveToFront(_ range: Range<Int>) {
    guard range.lowerBound > 0, !range.isEmpty, let base = unsafe bytes.baseAddress else { return }
    unsafe base.copyMemory(from: base + range.lowerBound, byteCount: range.count)
  }
}
