import CZlib
import LogPipeline

/// Reads the blocks of a ring file by docs/ring-format.md and zlib alone, with none of the code under test.
///
/// It takes every page that looks like a group's header, also of groups that are delivered already: what the file holds
/// is what counts, not what the log still says.
package struct RingBlocks: Sendable {
  package struct Damaged: Error, CustomStringConvertible { package let description: String }

  /// The raw bytes of every block found, inflated where they were compressed.
  package private(set) var contents: [[UInt8]] = []
  package private(set) var deflatedCount = 0
  package private(set) var itemCount = 0

  private static let dataStart = 131_072
  private static let page = 4096
  private static let magic = Array("SHGR".utf8)

  package init(file: String) throws {
    let bytes = try FileSystem.read(file, limitBytes: 1 << 30)
    var at = Self.dataStart
    while at + Self.page <= bytes.count {
      // A SKIP group's header alone is there; it has no blocks.
      if bytes[at..<at + 4].elementsEqual(Self.magic) { try readGroup(bytes, at) }
      at += Self.page
    }
  }

  private mutating func readGroup(_ bytes: [UInt8], _ group: Int) throws {
    let blockCount = Self.number(bytes, group + 22, 2)
    let tables = group + Self.number(bytes, group + 64, 4)
    for block in 0..<blockCount {
      let row = tables + 32 * block
      guard row + 32 <= bytes.count else { throw Damaged(description: "table of \(group)") }
      let items = Self.number(bytes, row + 4, 4)
      let rawLength = Self.number(bytes, row + 8, 4)
      let storedLength = Self.number(bytes, row + 12, 4)
      let start = group + Self.number(bytes, row + 16, 4)
      guard start + storedLength <= bytes.count else {
        throw Damaged(description: "block \(block) of the group at \(group) leaves the file")
      }
      let stored = Array(bytes[start..<start + storedLength])
      let isDeflated = bytes[row] == 1
      let raw = isDeflated ? Self.inflated(stored, rawLength) : stored
      guard raw.count == rawLength, Self.checksum(raw) == Self.number(bytes, row + 24, 4) else {
        throw Damaged(description: "block \(block) of the group at \(group) does not inflate")
      }
      contents.append(raw)
      itemCount += items
      deflatedCount += isDeflated ? 1 : 0
    }
  }

  private static func number(_ bytes: [UInt8], _ at: Int, _ size: Int) -> Int {
    bytes[at..<at + size].reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  private static func checksum(_ bytes: [UInt8]) -> Int {
    unsafe Int(crc32(0, bytes, UInt32(bytes.count)))
  }

  /// Raw deflate of a known length; empty when zlib refuses it.
  private static func inflated(_ bytes: [UInt8], _ length: Int) -> [UInt8] {
    var input = bytes
    var output = [UInt8](repeating: 0, count: length)
    let made = unsafe withUnsafeTemporaryAllocation(of: z_stream.self, capacity: 1) { streams in
      guard let stream = streams.baseAddress else { return 0 }
      unsafe stream.initialize(to: z_stream())
      guard unsafe czlib_inflate_init_raw(stream) == Z_OK else { return 0 }
      defer { unsafe inflateEnd(stream) }
      return unsafe input.withUnsafeMutableBufferPointer { source in
        unsafe output.withUnsafeMutableBufferPointer { target in
          unsafe stream.pointee.next_in = source.baseAddress
          unsafe stream.pointee.avail_in = UInt32(source.count)
          unsafe stream.pointee.next_out = target.baseAddress
          unsafe stream.pointee.avail_out = UInt32(target.count)
          _ = unsafe inflate(stream, Z_SYNC_FLUSH)
          return unsafe Int(stream.pointee.total_out)
        }
      }
    }
    return Array(output[..<made])
  }
}
