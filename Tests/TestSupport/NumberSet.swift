/// A set of numbers from 0 on, one bit each: what became of each event of a long run, in little memory.
package struct NumberSet: Sendable {
  private var words: [UInt64] = []
  package private(set) var count = 0

  package init() {}

  /// False when it was there already.
  @discardableResult
  package mutating func insert(_ number: Int) -> Bool {
    let (word, bit) = (number / 64, UInt64(1) << UInt64(number % 64))
    if word >= words.count { words += [UInt64](repeating: 0, count: word + 1 - words.count) }
    guard words[word] & bit == 0 else { return false }
    words[word] |= bit
    count += 1
    return true
  }

  package func contains(_ number: Int) -> Bool {
    let word = number / 64
    return word < words.count && words[word] >> UInt64(number % 64) & 1 == 1
  }

  /// The greatest of them; nil when there is none.
  package var greatest: Int? {
    guard let word = words.lastIndex(where: { $0 != 0 }) else { return nil }
    return word * 64 + 63 - words[word].leadingZeroBitCount
  }

  /// The numbers that are in this set and in none of the others, oldest first.
  package func missing(from others: NumberSet...) -> [Int] {
    var found: [Int] = []
    for (at, word) in words.enumerated() where word != 0 {
      var rest = word
      for other in others where at < other.words.count { rest &= ~other.words[at] }
      while rest != 0 {
        found.append(at * 64 + rest.trailingZeroBitCount)
        rest &= rest - 1
      }
    }
    return found
  }

  /// How many numbers are in this set or in the other.
  package func unionCount(_ other: NumberSet) -> Int {
    var total = 0
    for at in 0..<max(words.count, other.words.count) {
      let own = at < words.count ? words[at] : 0
      total += (own | (at < other.words.count ? other.words[at] : 0)).nonzeroBitCount
    }
    return total
  }
}
