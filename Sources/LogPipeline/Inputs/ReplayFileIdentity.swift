import CXxhash

/// What names a file across runs: device, inode and its first 4 KiB, so that neither a rename nor a new file under the old
/// name is taken for the wrong one.
struct ReplayFileIdentity: Equatable, Sendable {
  static let prefixBytesMax = 4096

  let device: UInt64
  let inode: UInt64
  let prefix: [UInt8]

  /// The checkpoint's file name: 32 hexadecimal digits.
  var key: String { key(prefixBytes: prefix.count) }

  /// The name this file had while it was only `prefixBytes` long.
  func key(prefixBytes: Int) -> String {
    var bytes: [UInt8] = []
    for value in [device, inode] {
      for shift in stride(from: 0, to: 64, by: 8) {
        bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(shift)))
      }
    }
    return Self.hash(bytes + prefix.prefix(prefixBytes)).description
  }

  /// Names the sequence numbers of this file's events for the archive. `settings` says what decides which lines are
  /// events (others number them differently), `generation` counts how often the file became shorter.
  static func stream(key: String, settings: String, generation: Int64) -> StreamId {
    hash(Array("\(key)/\(generation)/\(settings)".utf8))
  }

  private static func hash(_ bytes: [UInt8]) -> StreamId {
    let hash = unsafe XXH3_128bits(bytes, bytes.count)
    return StreamId(high: hash.high64, low: hash.low64)
  }
}
