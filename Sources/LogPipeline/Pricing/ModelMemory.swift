/// What raw model names mean, and what those models cost, as far as it was asked before.
///
/// Senders choose the names, so the memory is bounded: when it is full it is emptied and fills again. Callers get a place,
/// valid until the next name is looked up: an event copies no names around.
struct ModelMemory: ~Copyable {
  private let books: PriceBooks
  private var entries: [Entry] = []
  /// Of the same places; apart from the entries, so that looking at one of those counts no references.
  private var matches: [ModelMatch] = []
  private var prices: [PlainPrice] = []
  /// What is said of a model, made once for each name.
  private let text: (ModelMatch) -> [UInt8]
  /// Raw names and those texts, one behind the other.
  private var names: [UInt8] = []
  /// Indices into `entries`, -1 where free; twice as many as entries at most, found by linear probing.
  private var slots: [Int32]

  private static let entriesMax = 4096

  private struct Entry {
    let hash: UInt64
    /// Here and below: where in `names`.
    let name: Range<Int>
    let book: PriceBookName
    /// Whose prices they are.
    let matchBook: PriceBookName
    let isKept: Bool
    let text: Range<Int>
    /// Of the model's canonical name.
    let modelBytes: Int
  }

  /// `text`: what ``withText(at:_:_:)`` hands on of a model.
  init(books: PriceBooks, text: @escaping (ModelMatch) -> [UInt8] = { $0.model }) {
    self.books = books
    self.text = text
    slots = [Int32](repeating: -1, count: Self.entriesMax * 2)
  }

  /// The place of what a name means in a book; a name met before costs no allocation.
  mutating func place(of rawModel: UnsafeRawBufferPointer, book: PriceBookName) -> Int {
    let hash = unsafe NameBytes.hash(rawModel, from: book == .holysheep ? 1 : 0)
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] >= 0 {
      let index = Int(slots[slot])
      if entries[index].hash == hash, entries[index].book == book,
        unsafe isName(of: index, rawModel)
      {
        return index
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    return unsafe remember(rawModel, book, hash, slot)
  }

  mutating func resolve(_ rawModel: UnsafeRawBufferPointer, book: PriceBookName) -> ModelMatch {
    let place = unsafe place(of: rawModel, book: book)
    return matches[place]
  }

  /// Whose prices they are.
  func book(at place: Int) -> PriceBookName { entries[place].matchBook }

  /// How long the model's canonical name is.
  func modelBytes(at place: Int) -> Int { entries[place].modelBytes }

  /// Hands what is said of the model on to be written.
  @inline(__always)
  func withText<Sink: ~Copyable>(
    at place: Int, _ sink: inout Sink, _ write: (inout Sink, UnsafeRawBufferPointer) -> Void
  ) {
    unsafe names.withUnsafeBytes {
      unsafe write(&sink, UnsafeRawBufferPointer(rebasing: $0[entries[place].text]))
    }
  }

  /// As ``PriceBooks/cost(_:usage:eventMilliseconds:basis:serviceTier:isCacheHit:region:)``, without a cache hit.
  mutating func cost(
    at place: Int, usage: TokenUsage, eventMilliseconds: Int64, basis: CostBasis,
    serviceTier: ServiceTier?, region: PriceRegion?
  ) -> Cost {
    if region == nil, prices[place].contains(eventMilliseconds) {
      guard let billed = BilledTokens(usage, basis: basis) else { return Cost(status: .noUsage) }
      return billed.cost(at: prices[place].card.rates(serviceTier)) ?? Cost(status: .unpriced)
    }
    return lookUpCost(at: place, usage, eventMilliseconds, basis, serviceTier, region)
  }

  @inline(never)
  private mutating func lookUpCost(
    at place: Int, _ usage: TokenUsage, _ eventMilliseconds: Int64, _ basis: CostBasis,
    _ serviceTier: ServiceTier?, _ region: PriceRegion?
  ) -> Cost {
    let match = matches[place]
    let price = match.row.flatMap {
      books.plainPrice(row: $0, eventMilliseconds: eventMilliseconds)
    }
    if let price { prices[place] = price }
    return books.cost(
      match, usage: usage, eventMilliseconds: eventMilliseconds, basis: basis,
      serviceTier: serviceTier, isCacheHit: false, region: region)
  }

  private mutating func remember(
    _ rawModel: UnsafeRawBufferPointer, _ book: PriceBookName, _ hash: UInt64, _ freeSlot: Int
  ) -> Int {
    // A longer name is worked out anew each time: no slot leads to its entry, which the next name takes over.
    if let last = entries.last, !last.isKept {
      names.removeLast(names.count - last.name.lowerBound)
      entries.removeLast()
      matches.removeLast()
      prices.removeLast()
    }
    var slot = freeSlot
    if entries.count == Self.entriesMax {
      entries.removeAll(keepingCapacity: true)
      matches.removeAll(keepingCapacity: true)
      prices.removeAll(keepingCapacity: true)
      names.removeAll(keepingCapacity: true)
      for index in slots.indices { slots[index] = -1 }
      slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    }
    let isKept = rawModel.count <= ModelName.bytesMax
    if isKept { slots[slot] = Int32(entries.count) }
    let match = unsafe books.match(rawModel, book: book)
    let name = unsafe add(rawModel.prefix(isKept ? rawModel.count : 0))
    entries.append(
      Entry(
        hash: hash, name: name, book: book, matchBook: match.book, isKept: isKept,
        text: add(text(match)), modelBytes: match.model.count))
    matches.append(match)
    prices.append(.never)
    return entries.count - 1
  }

  /// Adds to the names. - Returns: where.
  private mutating func add(_ bytes: some Collection<UInt8>) -> Range<Int> {
    let start = names.count
    names.append(contentsOf: bytes)
    return start..<names.count
  }

  private func isName(of index: Int, _ raw: UnsafeRawBufferPointer) -> Bool {
    unsafe names.withUnsafeBytes {
      unsafe NameBytes.isSame(UnsafeRawBufferPointer(rebasing: $0[entries[index].name]), raw)
    }
  }
}
