import CLinux
import CZlib

/// Compresses with zlib. On the heap: zlib rejects a stream whose address has changed.
@safe package struct Deflater: ~Copyable {
  private let stream: UnsafeMutablePointer<z_stream>

  /// Raw deflate, no header and no trailer.
  ///
  /// - Parameter level: 1 (fastest) through 9 (smallest).
  package init(level: Int32) {
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    let status = unsafe czlib_deflate_init_raw(stream, level)
    invariant(status == Z_OK, "zlib starts (\(status): no memory, or another zlib's header)")
  }

  deinit {
    unsafe deflateEnd(stream)
    unsafe stream.deallocate()
  }

  /// One piece that ends in a full flush: several of them, side by side, are one stream's content.
  package func flushedPiece(_ bytes: [UInt8]) -> [UInt8] { compress(bytes, Z_FULL_FLUSH) }

  /// A whole stream with its end.
  package func wholeStream(_ bytes: [UInt8]) -> [UInt8] { compress(bytes, Z_FINISH) }

  /// The CRC32 of gzip's trailer: by the processor's instructions as far as it has them, else by zlib.
  package static func crc32(_ bytes: [UInt8]) -> UInt32 {
    unsafe bytes.withUnsafeBytes { unsafe crc32($0) }
  }

  package static func crc32(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    guard let start = bytes.baseAddress else { return 0 }
    var crc: UInt32 = 0
    let done = unsafe clinux_crc32_start(&crc, start, bytes.count)
    let rest = unsafe start.advanced(by: done).assumingMemoryBound(to: UInt8.self)
    return unsafe UInt32(truncatingIfNeeded: crc32_z(UInt(crc), rest, bytes.count - done))
  }

  /// What so many bytes need at the most, flushed or ended.
  package func boundBytes(_ rawBytes: Int) -> Int {
    // The flush adds an empty block of 5 bytes; the rest is distance to zlib's own estimate.
    unsafe Int(deflateBound(stream, UInt(rawBytes))) + 64
  }

  /// Writes one flushed piece into `room`, which holds ``boundBytes(_:)``; answers how long it is.
  package func flushedPiece(
    of bytes: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer
  ) -> Int {
    unsafe compress(bytes, into: room, Z_FULL_FLUSH)
  }

  private func compress(_ bytes: [UInt8], _ flush: Int32) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: boundBytes(bytes.count)) { output, count in
      count = unsafe bytes.withUnsafeBytes { input in
        unsafe compress(input, into: UnsafeMutableRawBufferPointer(output), flush)
      }
    }
  }

  private func compress(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer, _ flush: Int32
  ) -> Int {
    unsafe deflateReset(stream)
    // zlib's interface is not const; it does not write to its input.
    unsafe stream.pointee.next_in = UnsafeMutablePointer(
      mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
    unsafe stream.pointee.avail_in = UInt32(input.count)
    unsafe stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
    unsafe stream.pointee.avail_out = UInt32(output.count)
    let status = unsafe deflate(stream, flush)
    let isWhole = unsafe stream.pointee.avail_in == 0 && stream.pointee.avail_out > 0
    invariant(
      unsafe isWhole && (status == (flush == Z_FINISH ? Z_STREAM_END : Z_OK) || input.isEmpty),
      "zlib has room for \(input.count) bytes (\(status))")
    return unsafe output.count - Int(stream.pointee.avail_out)
  }
}
