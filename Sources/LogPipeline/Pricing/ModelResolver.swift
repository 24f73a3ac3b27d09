/// Remembers what raw model names mean. One per intake thread, so it needs no lock.
///
/// Senders choose the names, so the memory is bounded: when it is full it is emptied and fills again.
package final class ModelResolver {
  private let books: PriceBooks
  private var entries: [Entry] = []
  /// Indices into `entries`, -1 where free; twice as many as entries at most, found by linear probing.
  private var slots: [Int32]

  private static let entriesMax = 4096

  private struct Entry {
    let hash: UInt64
    let name: [UInt8]
    let book: PriceBookName
    let match: ModelMatch
  }

  package init(books: PriceBooks) {
    self.books = books
    slots = [Int32](repeating: -1, count: Self.entriesMax * 2)
  }

  /// What a name means in a book; a name met before costs no allocation.
  package func resolve(_ rawModel: UnsafeRawBufferPointer, book: PriceBookName) -> ModelMatch {
    let hash = unsafe Self.hash(rawModel, book)
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] >= 0 {
      let index = Int(slots[slot])
      if entries[index].hash == hash, entries[index].book == book,
        unsafe Self.isSame(entries[index].name, rawModel)
      {
        return entries[index].match
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    let match = unsafe books.match(rawModel, book: book)
    unsafe remember(rawModel, book, hash, match, slot)
    return match
  }

  private func remember(
    _ rawModel: UnsafeRawBufferPointer, _ book: PriceBookName, _ hash: UInt64, _ match: ModelMatch,
    _ freeSlot: Int
  ) {
    guard rawModel.count <= ModelName.bytesMax else { return }
    var slot = freeSlot
    if entries.count == Self.entriesMax {
      entries.removeAll(keepingCapacity: true)
      for index in slots.indices { slots[index] = -1 }
      slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    }
    slots[slot] = Int32(entries.count)
    entries.append(unsafe Entry(hash: hash, name: Array(rawModel), book: book, match: match))
  }

  private static func isSame(_ name: [UInt8], _ raw: UnsafeRawBufferPointer) -> Bool {
    guard name.count == raw.count else { return false }
    return unsafe name.withUnsafeBytes { known in
      var at = 0
      while at + 8 <= known.count {
        if unsafe known.loadUnaligned(fromByteOffset: at, as: UInt64.self)
          != raw.loadUnaligned(fromByteOffset: at, as: UInt64.self)
        {
          return false
        }
        at += 8
      }
      while at < known.count {
        if unsafe known[at] != raw[at] { return false }
        at += 1
      }
      return true
    }
  }

  /// Multiplies and folds eight bytes at a time. Names are compared in full, so a collision costs time only.
  private static func hash(_ raw: UnsafeRawBufferPointer, _ book: PriceBookName) -> UInt64 {
    var state = UInt64(raw.count) &* 2 &+ (book == .holysheep ? 1 : 0)
    func mix(_ word: UInt64) {
      let product = (state ^ word ^ 0x9e37_79b9_7f4a_7c15)
        .multipliedFullWidth(by: 0xd6e8_feb8_6659_fd93)
      state = product.high ^ product.low
    }
    var at = 0
    while at + 8 <= raw.count {
      mix(unsafe raw.loadUnaligned(fromByteOffset: at, as: UInt64.self))
      at += 8
    }
    var tail: UInt64 = 0
    while at < raw.count {
      tail = tail << 8 | UInt64(unsafe raw[at])
      at += 1
    }
    mix(tail)
    return state
  }
}
