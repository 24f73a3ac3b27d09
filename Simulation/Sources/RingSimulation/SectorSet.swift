/// A set of sector (or page) numbers, one bit each.
struct SectorSet {
  private var words: [UInt64]

  init(count: Int) { words = [UInt64](repeating: 0, count: (count + 63) / 64) }

  var isEmpty: Bool { words.allSatisfy { $0 == 0 } }

  func contains(_ sector: Int) -> Bool { words[sector >> 6] >> UInt64(sector & 63) & 1 == 1 }

  mutating func insert(_ sector: Int) { words[sector >> 6] |= 1 << UInt64(sector & 63) }

  mutating func insert(_ sectors: Range<Int>) {
    for sector in sectors { insert(sector) }
  }

  mutating func remove(_ sector: Int) { words[sector >> 6] &= ~(1 << UInt64(sector & 63)) }

  mutating func removeAll() {
    for index in words.indices { words[index] = 0 }
  }

  mutating func formUnion(_ other: SectorSet) {
    for index in words.indices { words[index] |= other.words[index] }
  }

  func forEach(_ body: (Int) -> Void) {
    for (index, word) in words.enumerated() {
      var rest = word
      while rest != 0 {
        body(index << 6 + rest.trailingZeroBitCount)
        rest &= rest - 1
      }
    }
  }

  /// Ascending.
  var members: [Int] {
    var members: [Int] = []
    forEach { members.append($0) }
    return members
  }
}
