import CZlib

/// Takes zlib's output apart, piece by piece. On the heap: zlib rejects a stream whose address has changed.
@safe package struct Inflater: ~Copyable {
  package enum Format: Sendable { case gzip, raw }
  package enum Status: Equatable, Sendable {
    /// Go on, with more input or more room.
    case more
    /// The gzip member (or deflate stream) is complete, its checksum right.
    case ended
    case damaged(String)
  }
  package struct Step {
    package let status: Status
    package let consumed: Int
    package let produced: Int
  }
  private let stream: UnsafeMutablePointer<z_stream>

  package init(_ format: Format) {
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    let status =
      unsafe format == .gzip ? czlib_inflate_init_auto(stream) : czlib_inflate_init_raw(stream)
    invariant(status == Z_OK, "zlib starts (\(status): no memory, or another zlib's header)")
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe stream.deallocate()
  }

  /// Ready for the next member.
  package func reset() { unsafe inflateReset(stream) }

  package func step(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) -> Step {
    unsafe stream.pointee.next_in = UnsafeMutablePointer(
      mutating: input.bindMemory(to: UInt8.self).baseAddress)
    unsafe stream.pointee.avail_in = UInt32(input.count)
    unsafe stream.pointee.next_out = output.bindMemory(to: UInt8.self).baseAddress
    unsafe stream.pointee.avail_out = UInt32(output.count)
    let code = unsafe inflate(stream, Z_NO_FLUSH)
    let status: Status =
      switch code {
      case Z_STREAM_END: .ended
      case Z_OK, Z_BUF_ERROR: .more
      default:
        .damaged(unsafe stream.pointee.msg.map { unsafe String(cString: $0) } ?? "code \(code)")
      }
    return unsafe Step(
      status: status, consumed: input.count - Int(stream.pointee.avail_in),
      produced: output.count - Int(stream.pointee.avail_out))
  }

  /// A whole raw deflate piece whose length is known; nil when it is damaged or has another length.
  package static func raw(_ bytes: [UInt8], rawLengthBytes: Int) -> [UInt8]? {
    let inflater = Inflater(.raw)
    let inflated = unsafe [UInt8](unsafeUninitializedCapacity: rawLengthBytes) { output, count in
      let step = unsafe bytes.withUnsafeBytes { input in
        unsafe inflater.step(input, into: UnsafeMutableRawBufferPointer(output))
      }
      if case .damaged = step.status { count = 0 } else { count = step.produced }
    }
    return inflated.count == rawLengthBytes ? inflated : nil
  }
}
