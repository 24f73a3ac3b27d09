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
  private(set) var dead: [(Piece, Int, ItemError)] = []
  private(set) var firstError: ItemError?
  /// Items a server stored, now or before: proof that it takes requests.
  var goodCount: Int { delivered + duplicates + confirming.count }

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
    case .retry(let cause):
      again.append(index)
      causes[cause, default: 0] += 1
    case .dead(let error): dead.append((piece, index, error))
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
