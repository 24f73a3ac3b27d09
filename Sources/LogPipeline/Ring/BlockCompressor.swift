import CZlib

/// Turns blocks into raw deflate pieces that end in a full flush, so that they can be put side by side on the wire.
///
/// One stream (256 KiB) for all blocks. Noncopyable: a copied `z_stream` would be freed twice; on the heap: zlib
/// rejects a stream that has moved.
@safe struct BlockCompressor: ~Copyable {
  /// Smaller blocks stay raw: they compress badly alone, and better with others when they are sent.
  static let rawBytesMin = 16 << 10

  private let stream: UnsafeMutablePointer<z_stream>

  /// - Throws: when there is no memory for it.
  init(level: Int32) throws(SystemError) {
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    guard unsafe czlib_deflate_init_raw(stream, level) == Z_OK else {
      unsafe stream.deallocate()
      throw SystemError(code: SystemError.noMemory, operation: "deflateInit2 level \(level)")
    }
  }

  deinit {
    unsafe deflateEnd(stream)
    unsafe stream.deallocate()
  }

  /// What `rawBytes` need at the most.
  func boundBytes(_ rawBytes: Int) -> Int {
    // The flush adds an empty block of 5 bytes; the rest is distance to zlib's own estimate.
    unsafe rawBytes < Self.rawBytesMin ? rawBytes : Int(deflateBound(stream, UInt(rawBytes))) + 64
  }

  /// Appends the block's stored form and answers its row, without the CRC of its items.
  func append(_ block: RawBlock, to buffer: GroupBuffer) -> BlockRow {
    let storedAt = buffer.count
    let codec: BlockCodec = block.bytes.count < Self.rawBytesMin ? .raw : .deflate
    if codec == .raw {
      buffer.append(block.bytes)
    } else {
      deflate(block.bytes, into: buffer)
    }
    let stored = unsafe buffer.bytes(storedAt..<buffer.count)
    let rawCrc = unsafe block.bytes.withUnsafeBytes { raw in
      unsafe crc32_z(0, raw.baseAddress?.assumingMemoryBound(to: UInt8.self), raw.count)
    }
    return BlockRow(
      codec: codec, itemCount: UInt32(block.items.count),
      rawLengthBytes: UInt32(block.bytes.count), storedLengthBytes: UInt32(stored.count),
      storedAt: UInt32(storedAt), storedCrc: unsafe Crc32c.of(stored), rawCrc: UInt32(rawCrc),
      itemsCrc: 0)
  }

  private func deflate(_ bytes: [UInt8], into buffer: GroupBuffer) {
    let room = unsafe buffer.room(boundBytes(bytes.count))
    let written = unsafe bytes.withUnsafeBytes { raw in
      unsafe deflateReset(stream)
      unsafe stream.pointee.next_in = UnsafeMutablePointer(
        mutating: raw.baseAddress?.assumingMemoryBound(to: UInt8.self))
      unsafe stream.pointee.avail_in = UInt32(raw.count)
      unsafe stream.pointee.next_out = room.baseAddress?.assumingMemoryBound(to: UInt8.self)
      unsafe stream.pointee.avail_out = UInt32(room.count)
      let status = unsafe CZlib.deflate(stream, Z_FULL_FLUSH)
      let isWhole = unsafe stream.pointee.avail_in == 0 && stream.pointee.avail_out > 0
      invariant(status == Z_OK && isWhole, "deflate takes a whole block in its bound (\(status))")
      return unsafe room.count - Int(stream.pointee.avail_out)
    }
    buffer.add(written)
  }
}
