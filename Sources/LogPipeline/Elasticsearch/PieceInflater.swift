import CZlib

/// Unpacks raw deflate pieces. The heap holds the stream: zlib remembers its address.
@safe struct PieceInflater: ~Copyable {
  private let stream: UnsafeMutablePointer<z_stream>

  init() throws(DeliveryError) {
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    guard unsafe czlib_inflate_init_raw(stream) == Z_OK else {
      unsafe stream.deallocate()
      throw .noTransport
    }
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe stream.deallocate()
  }

  /// The lines of a block, checked against its length and CRC32.
  ///
  /// - Throws: ``DeliveryError/damagedBlock(id:reason:)``.
  borrowing func lines(of block: StoredBlock) throws(DeliveryError) -> [UInt8] {
    let lines = block.codec == .raw ? block.stored : inflated(block)
    guard lines.count == block.rawLengthBytes else {
      throw .damagedBlock(
        id: block.id, reason: "\(lines.count) bytes of \(block.rawLengthBytes) came out")
    }
    let found = unsafe lines.withUnsafeBytes { bytes in
      unsafe crc32_z(0, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count)
    }
    guard UInt32(truncatingIfNeeded: found) == block.rawCrc32 else {
      throw .damagedBlock(id: block.id, reason: "the checksum of its lines is wrong")
    }
    return lines
  }

  /// As many bytes as could be unpacked, at most one more than the block says.
  private borrowing func inflated(_ block: StoredBlock) -> [UInt8] {
    unsafe inflateReset(stream)
    let capacity = block.rawLengthBytes + 1
    return unsafe [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
      unsafe block.stored.withUnsafeBufferPointer { input in
        // zlib's API is not const; it does not write to its input.
        unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        unsafe stream.pointee.avail_in = UInt32(input.count)
        unsafe stream.pointee.next_out = output.baseAddress
        unsafe stream.pointee.avail_out = UInt32(capacity)
        _ = unsafe inflate(stream, Z_SYNC_FLUSH)
        count = unsafe capacity - Int(stream.pointee.avail_out)
      }
    }
  }
}
