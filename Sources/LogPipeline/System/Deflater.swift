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

  /// The CRC32 of gzip's trailer.
  package static func crc32(_ bytes: [UInt8]) -> UInt32 {
    unsafe bytes.withUnsafeBufferPointer {
      UInt32(truncatingIfNeeded: unsafe CZlib.crc32(0, $0.baseAddress, UInt32($0.count)))
    }
  }

  private func compress(_ bytes: [UInt8], _ flush: Int32) -> [UInt8] {
    unsafe deflateReset(stream)
    // A flush costs up to 6 bytes beyond zlib's bound.
    let capacity = unsafe Int(deflateBound(stream, UInt(bytes.count))) + 16
    return unsafe [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
      unsafe bytes.withUnsafeBufferPointer { input in
        unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        unsafe stream.pointee.avail_in = UInt32(input.count)
        unsafe stream.pointee.next_out = output.baseAddress
        unsafe stream.pointee.avail_out = UInt32(output.count)
        let status = unsafe deflate(stream, flush)
        invariant(
          status == (flush == Z_FINISH ? Z_STREAM_END : Z_OK) || bytes.isEmpty,
          "zlib has room for \(bytes.count) bytes (\(status))")
        count = unsafe output.count - Int(stream.pointee.avail_out)
      }
    }
  }
}
