import CZlib

/// Inflates a gzip body piece by piece; members put one after another are one body.
///
/// On the heap: zlib remembers the stream's address and rejects one that has moved.
@safe package final class BodyInflater {
  enum Step: Equatable {
    /// So many bytes were written; there may be more without further input.
    case produced(Int)
    case needsInput
    case failed(String)
  }

  private let stream: UnsafeMutablePointer<z_stream>
  /// The last member has ended and nothing came after it.
  private(set) var isAtEnd = false

  /// nil when zlib has no memory for its window.
  package init?() {
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    guard unsafe czlib_inflate_init_auto(stream) == Z_OK else {
      unsafe stream.deallocate()
      return nil
    }
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe stream.deallocate()
  }

  /// Inflates `input`, calling `take` for each full buffer and for the rest; it stops early when `take` answers false.
  /// - Returns: what is wrong with the compressed bytes, or nil.
  package func inflate(
    _ input: UnsafeRawBufferPointer, through buffer: UnsafeMutableRawBufferPointer,
    _ take: (UnsafeRawBufferPointer) -> Bool
  ) -> String? {
    let start = unsafe input.bindMemory(to: UInt8.self).baseAddress
    unsafe stream.pointee.next_in = unsafe UnsafeMutablePointer(mutating: start)
    unsafe stream.pointee.avail_in = UInt32(input.count)
    while true {
      switch unsafe step(into: buffer) {
      case .needsInput: return nil
      case .failed(let why): return why
      case .produced(let count):
        guard unsafe take(UnsafeRawBufferPointer(rebasing: buffer[..<count])) else { return nil }
      }
    }
  }

  private func step(into buffer: UnsafeMutableRawBufferPointer) -> Step {
    if isAtEnd {
      guard unsafe stream.pointee.avail_in > 0 else { return .needsInput }
      isAtEnd = false
      unsafe inflateReset(stream)
    }
    unsafe stream.pointee.next_out = unsafe buffer.bindMemory(to: UInt8.self).baseAddress
    unsafe stream.pointee.avail_out = UInt32(buffer.count)
    let status = unsafe CZlib.inflate(stream, Z_NO_FLUSH)
    let produced = unsafe buffer.count - Int(stream.pointee.avail_out)
    isAtEnd = status == Z_STREAM_END
    switch status {
    case Z_OK, Z_STREAM_END, Z_BUF_ERROR:
      return produced > 0 ? .produced(produced) : isAtEnd ? unsafe step(into: buffer) : .needsInput
    default:
      return .failed(
        unsafe stream.pointee.msg.map { unsafe String(cString: $0) } ?? "zlib error \(status)")
    }
  }
}
