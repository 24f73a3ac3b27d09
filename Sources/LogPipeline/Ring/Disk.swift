/// The few things the ring does to its file. The file in earnest; a simulated one, which can fail, in tests.
package protocol Disk: AnyObject, Sendable {
  /// Fills the buffer from `offset`; a short read is an error.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(SystemError)
  func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(SystemError)
  /// Returns when everything written before it began is on the disk. After an error that is unknown, for ever.
  func syncData() throws(SystemError)
  /// Makes later reads show what the disk has, not what memory has.
  func dropCache()
}

extension Disk {
  /// Whether it gives anything at all: one that does not may come back with all it has, so nothing is given up on it.
  var isReadable: Bool {
    dropCache()
    return RingLayout.superblockOffsets.contains { offset in
      (try? bytes(at: offset, count: RingLayout.pageBytes)) != nil
    }
  }

  /// - Throws: what the disk said, or a short read as an input/output error.
  func bytes(at offset: UInt64, count: Int) throws(SystemError) -> [UInt8] {
    var failure: SystemError?
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      do throws(SystemError) {
        try unsafe read(
          into: UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: count), at: offset)
        filled = count
      } catch { failure = error }
    }
    if let failure { throw failure }
    return bytes
  }

  /// Zeros for the sectors that can not be read: one of them must not hide its neighbours.
  func readableBytes(at offset: UInt64, count: Int) -> [UInt8] {
    if let bytes = try? bytes(at: offset, count: count) { return bytes }
    if count <= RingLayout.sectorBytes { return [UInt8](repeating: 0, count: count) }
    let part = count > RingLayout.pageBytes ? RingLayout.pageBytes : RingLayout.sectorBytes
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    for start in stride(from: 0, to: count, by: part) {
      bytes += readableBytes(at: offset + UInt64(start), count: min(part, count - start))
    }
    return bytes
  }

  func write(_ bytes: [UInt8], at offset: UInt64) throws(SystemError) {
    var failure: SystemError?
    unsafe bytes.withUnsafeBytes { buffer in
      do throws(SystemError) { try unsafe write(buffer, at: offset) } catch { failure = error }
    }
    if let failure { throw failure }
  }
}
