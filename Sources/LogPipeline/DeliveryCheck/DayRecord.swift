/// What this agent has recorded as delivered into one day's index: see ``DeliveredIds``.
struct DayRecord {
  /// Ascending, each once.
  private(set) var fingerprints: [UInt64] = []
  /// Of the file, behind the last entry that was read.
  private var nextByte: UInt64 = 0
  let path: String

  /// - Throws: there is no such file, or it can not be read.
  init(path: String) throws(SystemError) {
    self.path = path
    fingerprints = Self.tidy(try readMore())
  }

  /// What was written since, each once, ascending.
  mutating func more() throws(SystemError) -> [UInt64] { Self.tidy(try readMore()) }

  private mutating func readMore() throws(SystemError) -> [UInt64] {
    let file = try FileDescriptor(opening: path, .read)
    var found: [UInt64] = []
    var at = nextByte
    while true {
      let bytes = try file.bytes(at: at, count: 1 << 20)
      let whole = bytes.count / 8
      guard whole > 0 else { return found }
      unsafe bytes.withUnsafeBytes { buffer in
        for entry in 0..<whole {
          let value = UInt64(
            littleEndian: unsafe buffer.loadUnaligned(fromByteOffset: entry * 8, as: UInt64.self))
          guard value != 0 else { continue }
          found.append(value)
          nextByte = at + UInt64(entry * 8 + 8)
        }
      }
      at += UInt64(whole * 8)
    }
  }

  private static func tidy(_ found: [UInt64]) -> [UInt64] {
    let sorted = found.sorted()
    var tidy: [UInt64] = []
    tidy.reserveCapacity(sorted.count)
    for value in sorted where value != tidy.last { tidy.append(value) }
    return tidy
  }

  /// Where it is among the fingerprints; nil: not there.
  static func index(of wanted: UInt64, in sorted: [UInt64]) -> Int? {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < wanted { low = middle + 1 } else { high = middle }
    }
    return low < sorted.count && sorted[low] == wanted ? low : nil
  }
}
