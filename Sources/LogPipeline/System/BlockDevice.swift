/// What the kernel knows of a disk, from /sys/dev/block.
package struct BlockDevice: Equatable, Sendable {
  /// Whether it says that it keeps writes in a cache of its own until it is told to flush; nil where that is not told.
  package let hasWriteCache: Bool?

  package init(hasWriteCache: Bool?) { self.hasWriteCache = hasWriteCache }

  /// - Parameter number: major and minor, "254:0"; of no disk, as with network file systems, nothing is known.
  package init(number: String) {
    // A partition has no queue of its own: its disk is the folder above.
    let cache = ["queue", "../queue"].lazy.compactMap {
      try? FileSystem.read("/sys/dev/block/\(number)/\($0)/write_cache")
    }.first
    hasWriteCache = cache.map { String(decoding: $0, as: UTF8.self).hasPrefix("write back") }
  }
}
