/// The items of one answered request, sorted by what is to be done with them.
struct SortedItems {
  private(set) var settled: [(HeldBlock, [Settlement.Item])] = []
  private(set) var delivered = 0
  private(set) var duplicates = 0
  private(set) var retried: [Piece] = []
  private(set) var causes: [RetryCause: Int] = [:]
  /// A 409 that may be our own doing: asked again before it is believed.
  private(set) var confirming: [Piece] = []
  private(set) var parked: [(Piece, ItemError)] = []
  private(set) var isolated: [Piece] = []
  private(set) var isolatedError: ItemError?
  private(set) var dead: [DeliveryAction.Dead] = []
  /// The first that is sent again, in the server's words.
  private(set) var retriedError: ItemError?
  /// Items a server stored, now or before: proof that it takes requests.
  var goodCount: Int { delivered + duplicates + confirming.count }

  /// Days whose index took something, or judged a document for itself.
  var daysThatTook: Set<Int32> {
    var days: Set<Int32> = []
    for (held, items) in settled {
      for item in items { days.insert(held.block.items[item.index].day) }
    }
    for piece in confirming {
      for index in piece.items { days.insert(piece.held.block.items[index].day) }
    }
    for one in dead { days.insert(one.piece.held.block.items[one.index].day) }
    return days
  }

  private var piece: Piece?
  private var ended: [Settlement.Item] = []
  private var again: [Int] = []
  private var toConfirm: [Int] = []
  private var alone: [Int] = []

  mutating func begin(_ piece: Piece) { self.piece = piece }

  /// `isConfirmed`: a 409 is believed at once.
  mutating func add(_ verdict: ItemVerdict, _ index: Int, isConfirmed: Bool) {
    guard let piece else { return }
    switch verdict {
    case .delivered:
      ended.append(Settlement.Item(index: index, outcome: .delivered))
      delivered += 1
    case .conflict where !piece.isUnclear:
      ended.append(Settlement.Item(index: index, outcome: .duplicate))
      duplicates += 1
    case .conflict where piece.isConfirming || isConfirmed:
      ended.append(Settlement.Item(index: index, outcome: .delivered))
      delivered += 1
    case .conflict: toConfirm.append(index)
    case .retry(let cause, let error):
      again.append(index)
      retriedError = retriedError ?? error
      causes[cause, default: 0] += 1
    case .dead(let error):
      dead.append(DeliveryAction.Dead(piece: piece, index: index, error: error))
    case .park(let error): parked.append((piece.with(items: [index]), error))
    case .isolate(let error):
      alone.append(index)
      isolatedError = error
    }
  }

  mutating func end() {
    guard let piece else { return }
    if !ended.isEmpty { settled.append((piece.held, ended)) }
    if !again.isEmpty { retried.append(piece.with(items: again)) }
    if !alone.isEmpty { isolated.append(piece.with(items: alone)) }
    if !toConfirm.isEmpty {
      var confirmed = piece.with(items: toConfirm)
      confirmed.isConfirming = true
      confirming.append(confirmed)
    }
    (ended, again, alone, toConfirm) = ([], [], [], [])
    self.piece = nil
  }
}
