import CLinux
import CZlib

/// Compresses with zlib. On the heap: zlib rejects a stream whose address has changed.
///
/// At level 1 a long input goes through in stripes that fit into zlib's window whole, each with the end of the one
/// before as its dictionary: zlib then never moves its window and its hash tables along, which would take a tenth of the time.
@safe package struct Deflater: ~Copyable {
  /// Less than 64 KiB by as much as zlib looks ahead: from there on it moves its window.
  private static let stripeBytesMax = (64 << 10) - 263
  /// How much of the stripe before is known to the next one. More finds little more and costs time.
  private static let overlapBytes = 4 << 10
  /// What a stripe's own tables and flush can add to what does not compress.
  private static let stripeCostBytes = 64

  private let stream: UnsafeMutablePointer<z_stream>
  private let isFastest: Bool

  /// Raw deflate, no header and no trailer.
  ///
  /// - Parameter level: 1 (fastest) through 9 (smallest).
  package init(level: Int32) {
    isFastest = level == 1
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
  package func flushedPiece(_ bytes: [UInt8]) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: boundBytes(bytes.count)) { output, count in
      count = unsafe bytes.withUnsafeBytes { input in
        unsafe flushedPiece(of: input, into: UnsafeMutableRawBufferPointer(output))
      }
    }
  }

  /// A whole stream with its end.
  package func wholeStream(_ bytes: [UInt8]) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: boundBytes(bytes.count)) { output, count in
      start()
      count = unsafe bytes.withUnsafeBytes { input in
        unsafe compress(input, into: UnsafeMutableRawBufferPointer(output), Z_FINISH)
      }
    }
  }

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
    unsafe Int(deflateBound(stream, UInt(rawBytes)))
      + stripes(of: rawBytes) * Self.stripeCostBytes
  }

  /// Writes one flushed piece into `room`, which holds ``boundBytes(_:)``; answers how long it is.
  package func flushedPiece(
    of bytes: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer
  ) -> Int {
    let count = stripes(of: bytes.count)
    let stripeBytes = (bytes.count + count - 1) / count
    var (taken, written) = (0, 0)
    repeat {
      let end = min(taken + stripeBytes, bytes.count)
      start()
      if taken > 0 { unsafe overlap(UnsafeRawBufferPointer(rebasing: bytes[..<taken])) }
      // A sync flush writes what a full one does. That nothing refers back over it, the reset before the next piece
      // sees to.
      written += unsafe compress(
        UnsafeRawBufferPointer(rebasing: bytes[taken..<end]),
        into: UnsafeMutableRawBufferPointer(rebasing: room[written...]), Z_SYNC_FLUSH)
      taken = end
    } while taken < bytes.count
    return written
  }

  private func stripes(of rawBytes: Int) -> Int {
    guard isFastest, rawBytes > Self.stripeBytesMax else { return 1 }
    let ownBytes = Self.stripeBytesMax - Self.overlapBytes
    return (rawBytes + ownBytes - 1) / ownBytes
  }

  private func start() {
    unsafe deflateReset(stream)
    guard isFastest else { return }
    // Between zlib's levels 1 and 2, chosen on relay events: it looks at three places instead of four, and takes a match of
    // 32 bytes for good instead of one of 8. The first number means nothing at this level.
    unsafe deflateTune(stream, 32, 4, 32, 3)
  }

  /// Lets the next stripe refer to the end of what was compressed before.
  private func overlap(_ before: UnsafeRawBufferPointer) {
    let known = unsafe before.suffix(Self.overlapBytes)
    let bytes = unsafe UnsafeRawBufferPointer(rebasing: known).bindMemory(to: UInt8.self)
    let status = unsafe deflateSetDictionary(stream, bytes.baseAddress, UInt32(bytes.count))
    invariant(status == Z_OK, "zlib takes a dictionary between two pieces (\(status))")
  }

  private func compress(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer, _ flush: Int32
  ) -> Int {
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
