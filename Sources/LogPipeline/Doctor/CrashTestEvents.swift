/// The made-up events of a crash test: each is known by its number alone, so whoever reads one back can tell whether it
/// is the one that was written.
package struct CrashTestEvents {
  private static let blockEventsMax: UInt64 = 64
  private static let day: Int32 = 20_000

  /// The bulk lines of the event.
  package static func lines(_ number: UInt64) -> [UInt8] {
    var random = SeededRandom(seed: number)
    // Half of it does not compress, and lengths differ, as with real ones.
    var filler = ""
    for _ in 0..<(4 + number % 23) { filler += String(random.next(), radix: 36) }
    return Array(
      "{\"create\":{\"_id\":\"\(number)\"}}\n{\"event\":\(number),\"filler\":\"\(filler)\"}\n".utf8)
  }

  /// The number that stands in the item table for it; others than 0 alone could be left over from zeros.
  package static func fingerprint(_ number: UInt64) -> UInt64 { number ^ 0x5AFE_5AFE_0000_0000 }

  static func number(fingerprint: UInt64) -> UInt64 { fingerprint ^ 0x5AFE_5AFE_0000_0000 }

  /// A block of events from `first` on; how many is drawn from the ticket.
  static func block(first: UInt64, ticket: UInt64) -> RawBlock {
    var random = SeededRandom(seed: first ^ ticket << 40)
    let count = 1 + random.next() % blockEventsMax
    var block = RawBlock(bytes: [], items: [], intake: 0, ticket: ticket)
    for number in first..<first + count {
      let lines = lines(number)
      block.bytes += lines
      block.items.append(
        BlockItem(
          fingerprint: fingerprint(number), rawLengthBytes: UInt32(lines.count), day: day))
    }
    return block
  }
}
