/// What one sender holds, and what it decides about it: blocks, answers and the time in, actions out. Pure: no I/O, no
/// clock; what all senders know together is handed in as the ``DeliveryBoard``.
///
/// Each event that was accepted here ends exactly once: in a `settle`, set aside by ``takeStuck(at:_:)``, or given back by
/// ``releaseAll()``. docs/delivery.md is its table in prose.
package struct DeliveryCore {
  /// How a request went, beside what was answered.
  package struct Exchange {
    package let choice: Hosts.Choice
    package let took: Duration
    package let rawBytes: Int
    package var isGzip = true

    package init(choice: Hosts.Choice, took: Duration, rawBytes: Int, isGzip: Bool = true) {
      (self.choice, self.took, self.rawBytes, self.isGzip) = (choice, took, rawBytes, isGzip)
    }
  }

  let settings: ElasticsearchConfiguration
  var queue = RetryQueue()
  /// Leased and not wholly settled, by id.
  var held: [UInt64: HeldBlock] = [:]
  /// Of parked indices: not sent before those take again. By day.
  var waiting: [Int32: [Piece]] = [:]
  /// Collected while one answer is worked off.
  var actions: [DeliveryAction] = []

  /// An item that failed so often is set aside when room is short.
  static let attemptsBeforeAside = 8

  package init(_ settings: ElasticsearchConfiguration) { self.settings = settings }

  package var isEmpty: Bool { held.isEmpty }
  package var heldItemCount: Int { held.values.reduce(0) { $0 + $1.owedCount } }
  /// Of these, what failed or waits; 0 while nothing does.
  package var lateItemCount: Int { queue.isEmpty && waiting.isEmpty ? 0 : heldItemCount }
  package var hasRoom: Bool { heldItemCount < settings.heldItemsMax }

  /// When something that is held may be sent.
  package func nextDue(_ board: DeliveryBoard) -> MonotonicTime {
    min(queue.nextDue, board.parked.nextProbe(among: waiting.keys))
  }

  /// What is due: a probe for a parked index, or what is to be sent again.
  package mutating func takeDue(at now: MonotonicTime, _ board: inout DeliveryBoard) -> Shipment? {
    resumeUnparked(at: now, board)
    if let day = board.parked.takeProbe(among: waiting.keys.sorted(), at: now),
      let piece = takeOne(of: day)
    {
      return Shipment([piece], due: now, probes: day)
    }
    return queue.takeDue(
      at: now, rawBytesMax: board.bodySize.targetBytes, itemsMax: settings.bodyItemsMax)
  }

  /// Takes the duty for leased blocks. - Returns: what is to be sent of them, and blocks of which nothing is owed.
  package mutating func accept(_ blocks: [StoredBlock]) -> (pieces: [Piece], finished: [UInt64]) {
    var pieces: [Piece] = []
    var finished: [UInt64] = []
    for block in blocks {
      let taken = HeldBlock(block)
      if taken.owedCount > 0 {
        held[block.id] = taken
        pieces.append(Piece(held: taken, items: taken.owedItems))
      } else {
        finished.append(block.id)
      }
    }
    return (pieces, finished)
  }

  /// What of a shipment goes out now: nothing of parked indices, and no more than a body may hold; nil: nothing of it.
  package mutating func prepare(_ shipment: Shipment, _ board: DeliveryBoard) -> Shipment? {
    guard var shipment = withhold(shipment, board) else { return nil }
    if let rest = shipment.cutOff(
      rawBytesMax: board.bodySize.targetBytes, itemsMax: settings.bodyItemsMax)
    {
      queue.add(rest)
    }
    return shipment
  }

  /// It was not sent after all.
  package mutating func putBack(
    _ shipment: Shipment, at now: MonotonicTime, _ board: inout DeliveryBoard
  ) {
    if let day = shipment.probes {
      board.parked.endProbe(day, probeAt: now)
      waiting[day, default: []] += shipment.pieces
    } else {
      queue.add(shipment)
    }
  }

  /// A block can not be read for a body: all of the shipment waits, and is tried again.
  package mutating func keep(
    _ shipment: Shipment, at now: MonotonicTime, _ board: inout DeliveryBoard
  ) -> [DeliveryAction] {
    keep(shipment.pieces, at: now)
    if let day = shipment.probes { board.parked.endProbe(day, probeAt: now + settings.parkDelay) }
    return takeActions()
  }

  /// What was said of a request that came back.
  package mutating func judge(
    _ shipment: Shipment, _ verdict: Verdict, _ exchange: Exchange, at now: MonotonicTime,
    _ board: inout DeliveryBoard
  ) -> [DeliveryAction] {
    board.end()
    perform(verdict, on: shipment, exchange, at: now, &board)
    if let day = shipment.probes { board.parked.endProbe(day, probeAt: now + settings.parkDelay) }
    return takeActions()
  }

  /// Dead letters are on disk.
  package mutating func buried(_ dead: [DeliveryAction.Dead]) -> [DeliveryAction] {
    for one in dead {
      settle(one.piece.held, [Settlement.Item(index: one.index, outcome: .deadLettered)])
    }
    return takeActions()
  }

  /// They could not be written: their events are kept and tried again.
  package mutating func notBuried(
    _ dead: [DeliveryAction.Dead], at now: MonotonicTime
  ) -> [DeliveryAction] {
    keep(dead.map { $0.piece.with(items: [$0.index]) }, at: now)
    return takeActions()
  }

  /// Items of a block that are to be set aside.
  package struct Stuck {
    package let block: UInt64
    package let items: [Int]
    package let isParked: Bool
    /// Nothing more is owed of the block: it is to be released.
    package let isDone: Bool
  }

  /// What is stuck must not keep others from passing: once half the room for held events is used, the source sets it
  /// aside, further back. Not while nothing passes at all, and not what may be stored already. Of each parked index a
  /// piece is kept, to ask with.
  package mutating func takeStuck(at now: MonotonicTime, _ board: DeliveryBoard) -> [Stuck] {
    guard heldItemCount * 2 >= settings.heldItemsMax, board.isPassing(at: now) else { return [] }
    func isStuck(_ piece: Piece) -> Bool {
      !piece.isUnclear && (piece.isParked || piece.attempts >= Self.attemptsBeforeAside)
    }
    var stuck = queue.take(where: isStuck)
    for (day, pieces) in waiting {
      let last = board.parked.contains(day) ? pieces.lastIndex(where: isStuck) : nil
      var kept: [Piece] = []
      for (index, piece) in pieces.enumerated() {
        if isStuck(piece), index != last { stuck.append(piece) } else { kept.append(piece) }
      }
      waiting[day] = kept.isEmpty ? nil : kept
    }
    return stuck.map { piece in
      for index in piece.items { piece.held.markSettled(index) }
      let id = piece.held.block.id
      if piece.held.owedCount == 0 { held[id] = nil }
      return Stuck(
        block: id, items: piece.items, isParked: piece.isParked,
        isDone: piece.held.owedCount == 0)
    }
  }

  /// Nothing is held any more. - Returns: blocks to give back.
  package mutating func releaseAll() -> [UInt64] {
    defer {
      held.removeAll()
      waiting.removeAll()
      queue = RetryQueue()
    }
    return held.keys.sorted()
  }

  // MARK: parked indices

  /// Leaves out what goes to parked indices: it waits.
  private mutating func withhold(_ shipment: Shipment, _ board: DeliveryBoard) -> Shipment? {
    guard !board.parked.isEmpty, shipment.probes == nil else { return shipment }
    var kept: [Piece] = []
    for piece in shipment.pieces {
      let rows = piece.held.block.items
      var open: [Int] = []
      var closed: [Int32: [Int]] = [:]
      for index in piece.items {
        let day = rows[index].day
        if board.parked.contains(day) {
          closed[day, default: []].append(index)
        } else {
          open.append(index)
        }
      }
      for (day, items) in closed { wait(piece.with(items: items), for: day) }
      if !open.isEmpty { kept.append(piece.with(items: open)) }
    }
    guard !kept.isEmpty else { return nil }
    var rest = shipment
    rest.pieces = kept
    return rest
  }

  mutating func wait(_ piece: Piece, for day: Int32) {
    var piece = piece
    piece.isParked = true
    waiting[day, default: []].append(piece)
  }

  /// Indices that take again, found out by whichever sender.
  private mutating func resumeUnparked(at now: MonotonicTime, _ board: DeliveryBoard) {
    guard !waiting.isEmpty else { return }
    for day in waiting.keys.sorted() where !board.parked.contains(day) {
      var pieces = waiting.removeValue(forKey: day) ?? []
      for at in pieces.indices { pieces[at].isParked = false }
      queue.add(Shipment(pieces, due: now))
    }
  }

  /// One event of a parked index; the others come in turn, so that one bad document can not keep the index parked.
  private mutating func takeOne(of day: Int32) -> Piece? {
    guard var pieces = waiting[day], let first = pieces.first, let index = first.items.first else {
      return nil
    }
    pieces.removeFirst()
    let rest = Array(first.items.dropFirst())
    if !rest.isEmpty { pieces.append(first.with(items: rest)) }
    waiting[day] = pieces.isEmpty ? nil : pieces
    return first.with(items: [index])
  }

  // MARK: ends

  mutating func settle(_ block: HeldBlock, _ items: [Settlement.Item]) {
    guard !items.isEmpty else { return }
    for item in items { block.markSettled(item.index) }
    actions.append(.settle(block, items))
    if block.owedCount == 0 { held[block.block.id] = nil }
  }

  /// Kept, each item for itself, and tried again after a while.
  mutating func keep(_ pieces: [Piece], at now: MonotonicTime) {
    guard !pieces.isEmpty else { return }
    var shipment = Shipment(pieces, due: now + settings.parkDelay)
    shipment.noteAttempt()
    for at in shipment.pieces.indices { shipment.pieces[at].isParked = true }
    count(shipment.itemCount, .parked)
    queue.add(shipment)
  }

  func words(_ error: ItemError?) -> String { DeliveryWords.of(error) }

  mutating func count(_ items: Int, _ cause: RetryCause) {
    actions.append(.count(items: items, cause))
  }

  mutating func tell(_ matter: String, _ message: String, isError: Bool) {
    actions.append(.tell(matter: matter, message: message, isError: isError))
  }

  private mutating func takeActions() -> [DeliveryAction] {
    defer { actions = [] }
    return actions
  }
}
