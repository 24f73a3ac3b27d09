/// What becomes of a shipment after each verdict.
extension DeliveryCore {
  mutating func perform(
    _ verdict: Verdict, on shipment: Shipment, _ exchange: Exchange, at now: MonotonicTime,
    _ board: inout DeliveryBoard
  ) {
    switch verdict {
    case .allDelivered:
      noteAnswered(exchange, at: now, &board)
      noteTaken(exchange, at: now, &board)
      settleAll(shipment, &board)
    case .items(let verdicts):
      noteAnswered(exchange, at: now, &board)
      settle(shipment, verdicts, exchange, at: now, &board)
    case .again(let cause, let error, let wait, let mayBeStored):
      again(
        shipment, cause, error, wait: wait, mayBeStored: mayBeStored, exchange, at: now, &board)
    case .bisect(let error):
      noteAnswered(exchange, at: now, &board)
      var shipment = shipment
      shipment.noteUnclear()
      board.refusalsInARow += 1
      if exchange.isGzip, shipment.isolatedSince == nil { actions.append(.checkBody) }
      bisect(shipment, error, at: now, &board)
    case .tooLarge:
      noteAnswered(exchange, at: now, &board)
      split(shipment, at: now, &board)
    case .pause(let error):
      noteAnswered(exchange, at: now, &board)
      pause(shipment, error, at: now, &board)
    case .aborted(let mayBeStored):
      board.hosts.withdraw(exchange.choice, at: now)
      var shipment = shipment
      if mayBeStored { shipment.noteUnclear() }
      queue.add(shipment)
    }
  }

  private func noteAnswered(
    _ exchange: Exchange, at now: MonotonicTime, _ board: inout DeliveryBoard
  ) {
    board.hosts.succeed(
      exchange.choice, took: exchange.took, rawBytes: exchange.rawBytes, at: now)
  }

  private mutating func noteTaken(
    _ exchange: Exchange, at now: MonotonicTime, _ board: inout DeliveryBoard
  ) {
    board.noteTaken(took: exchange.took, at: now)
    actions.append(.state(.ok))
    if let span = board.endStop(at: now) { actions.append(.resumed(after: span)) }
  }

  // MARK: all items alike

  private mutating func settleAll(_ shipment: Shipment, _ board: inout DeliveryBoard) {
    if !board.parked.isEmpty {
      for day in days(of: shipment.pieces) { unpark(day, &board) }
    }
    for piece in shipment.pieces {
      settle(piece.held, piece.items.map { Settlement.Item(index: $0, outcome: .delivered) })
    }
    actions.append(.delivered(items: shipment.itemCount, duplicates: 0))
  }

  private mutating func again(
    _ shipment: Shipment, _ cause: RetryCause, _ error: ItemError?, wait: Duration?,
    mayBeStored: Bool, _ exchange: Exchange, at now: MonotonicTime, _ board: inout DeliveryBoard
  ) {
    var shipment = shipment
    shipment.noteAttempt()
    if mayBeStored { shipment.noteUnclear() }
    if cause == .closedWithoutAnswer { shipment.closedCount += 1 }
    let isStuck = shipment.attempts % 3 == 0 && (cause == .reset || cause == .closedWithoutAnswer)
    if cause == .tooManyRequests { board.noteOverload() }
    // The server may cut a connection off in place of a 413, and a body may be over its memory limits.
    if isStuck { board.bodySize.shrink() }
    board.hosts.fail(exchange.choice, at: now, atLeast: wait, using: &board.random)
    count(shipment.itemCount, cause)
    let isBodyDoubted = cause == .closedWithoutAnswer || cause == .itemCountWrong
    if isBodyDoubted, exchange.isGzip { actions.append(.checkBody) }
    let isUnknown = [.unreadableAnswer, .itemCountWrong, .unexpectedStatus, .tls].contains(cause)
    tell(
      cause.rawValue,
      """
      Elasticsearch at \(board.hosts.url(of: exchange.choice.host)) did not take \
      \(shipment.itemCount) events (try \(shipment.attempts))\(words(error)). They are kept and \
      sent again\(shipment.closedCount >= 3 ? ", without gzip" : "")\(DeliveryWords.advice(cause)).
      """, isError: isUnknown)
    if board.hosts.earliest(at: now) > now {
      board.noteStopped(at: now)
      actions.append(.state(.backingOff(reason: "\(cause.rawValue)\(words(error))")))
    }
    goOnWithout(shipment, at: now, &board)
  }

  /// From the third failure on it steps back behind other events: is it the server, or is it this body? When others
  /// pass while it fails, its items are sent in smaller parts from the fifth try on.
  private mutating func goOnWithout(
    _ shipment: Shipment, at now: MonotonicTime, _ board: inout DeliveryBoard
  ) {
    var first = shipment
    first.due = now
    first.probes = nil
    guard let since = first.failingSince else {
      first.failingSince = now
      return queue.add(first)
    }
    if first.attempts >= 3 {
      first.due = now + board.backoff.wait(failures: first.attempts, using: &board.random)
    }
    if board.hasPassed(since: since), first.attempts >= 5, first.itemCount > 1 {
      first.isolatedSince = first.isolatedSince ?? now
      queue.add(first.halve())
    }
    queue.add(first)
  }

  /// Halves a refused request until the guilty item is alone.
  private mutating func bisect(
    _ shipment: Shipment, _ error: ItemError, at now: MonotonicTime, _ board: inout DeliveryBoard
  ) {
    var first = shipment
    first.noteAttempt()
    first.isolatedSince = shipment.isolatedSince ?? now
    first.due = now
    first.probes = nil
    count(first.itemCount, .bisected)
    tell(
      "bisect",
      """
      Elasticsearch refused a request of \(first.itemCount) events\(words(error)): \
      looking for the one at fault; the others are delivered.
      """, isError: false)
    // Eight halvings without a request that was taken: it is not the documents.
    if board.refusalsInARow >= 8 {
      pauseAll("every request is refused\(words(error))", at: now, &board)
    }
    if first.itemCount > 1 {
      let second = first.halve()
      queue.add(first)
      queue.add(second)
    } else if let piece = first.pieces.first {
      judgeAlone(piece, error, since: first.isolatedSince ?? now, at: now, &board)
    }
  }

  /// An item refused all alone is at fault only if others passed meanwhile, and only when it happens again and again: a
  /// proxy may refuse a request for no reason of its own.
  private mutating func judgeAlone(
    _ piece: Piece, _ error: ItemError, since: MonotonicTime, at now: MonotonicTime,
    _ board: inout DeliveryBoard
  ) {
    var piece = piece
    piece.refusedAlone += 1
    if piece.refusedAlone >= Self.refusedAloneLeast, board.hasPassed(since: since) {
      return bury([DeliveryAction.Dead(piece: piece, index: piece.items[0], error: error)])
    }
    let wait = board.backoff.wait(failures: piece.attempts, using: &board.random)
    queue.add(Shipment([piece], due: now + wait, isolatedSince: since))
  }

  private static let refusedAloneLeast = 3

  private mutating func split(
    _ shipment: Shipment, at now: MonotonicTime, _ board: inout DeliveryBoard
  ) {
    var first = shipment
    first.noteAttempt()
    first.due = now
    first.probes = nil
    let bytes = first.rawBytes
    if first.itemCount > 1 {
      board.bodySize.noteTooLarge(rawBytes: bytes, at: now)
      count(first.itemCount, .tooLarge)
      tell(
        "413",
        """
        A body of \(bytes) bytes is over a limit of the server or of a proxy before it: bodies are \
        made smaller from now on. http.max_content_length, or the proxy's limit, may be too low.
        """, isError: false)
      let second = first.halve()
      queue.add(first)
      queue.add(second)
    } else if let piece = first.pieces.first {
      let error = ItemError(
        status: 413, type: "content_too_large",
        reason: "one event of \(bytes) bytes is over the server's limit")
      bury([DeliveryAction.Dead(piece: piece, index: piece.items[0], error: error)])
    }
  }

  private mutating func pause(
    _ shipment: Shipment, _ error: ItemError, at now: MonotonicTime, _ board: inout DeliveryBoard
  ) {
    var shipment = shipment
    shipment.noteAttempt()
    shipment.due = now
    shipment.probes = nil
    count(shipment.itemCount, .paused)
    queue.add(shipment)
    pauseAll("requests are refused\(words(error))", at: now, &board)
    actions.append(.rereadCredentials)
  }

  private mutating func pauseAll(
    _ reason: String, at now: MonotonicTime, _ board: inout DeliveryBoard
  ) {
    let wait = board.pause(at: now)
    board.noteStopped(at: now)
    actions.append(.state(.paused(reason: reason)))
    tell("pause", DeliveryWords.pause(reason, wait), isError: true)
  }

  // MARK: each item for itself

  private mutating func settle(
    _ shipment: Shipment, _ verdicts: [ItemVerdict], _ exchange: Exchange, at now: MonotonicTime,
    _ board: inout DeliveryBoard
  ) {
    var sorted = SortedItems()
    var at = 0
    for piece in shipment.pieces {
      sorted.begin(piece)
      for index in piece.items {
        sorted.add(verdicts[at], index, isConfirmed: settings.conflictConfirmation == .zero)
        at += 1
      }
      sorted.end()
    }
    if sorted.goodCount > 0 { noteTaken(exchange, at: now, &board) }
    let took = board.parked.isEmpty && sorted.parked.isEmpty ? [] : sorted.daysThatTook
    for day in took.sorted() { unpark(day, &board) }
    for (held, items) in sorted.settled { settle(held, items) }
    if sorted.delivered + sorted.duplicates > 0 {
      actions.append(.delivered(items: sorted.delivered, duplicates: sorted.duplicates))
    }
    retry(sorted, of: shipment.itemCount, at: now, &board)
    if let error = sorted.isolatedError {
      bisect(
        Shipment(sorted.isolated, due: now, isolatedSince: shipment.isolatedSince), error,
        at: now, &board)
    }
    judgeDead(sorted, of: shipment.itemCount, at: now, &board)
    park(sorted.parked, took: took, at: now, &board)
  }

  private mutating func retry(
    _ sorted: SortedItems, of sent: Int, at now: MonotonicTime, _ board: inout DeliveryBoard
  ) {
    if !sorted.confirming.isEmpty {
      count(sorted.confirming.reduce(0) { $0 + $1.items.count }, .conflictAfterUnclear)
      queue.add(Shipment(sorted.confirming, due: now + settings.conflictConfirmation))
    }
    guard !sorted.retried.isEmpty else { return }
    var shipment = Shipment(sorted.retried, due: now)
    shipment.noteAttempt()
    let items = shipment.itemCount
    if sorted.causes[.tooManyRequests, default: 0] * 10 > sent { board.noteOverload() }
    for cause in RetryCause.allCases {
      if let items = sorted.causes[cause] { count(items, cause) }
    }
    shipment.due =
      now + board.backoff.wait(failures: shipment.attempts, using: &board.random)
    queue.add(shipment)
    tell(
      "items again",
      """
      Elasticsearch took only part of a request: \(items) of \(sent) events are sent again \
      (try \(shipment.attempts))\(words(sorted.retriedError)).
      """, isError: false)
  }

  private mutating func judgeDead(
    _ sorted: SortedItems, of sent: Int, at now: MonotonicTime, _ board: inout DeliveryBoard
  ) {
    board.deadShare.note(judged: sent, dead: sorted.dead.count)
    guard board.deadShare.isTripped, let first = sorted.dead.first else { return bury(sorted.dead) }
    tell(
      "dead share",
      """
      More than \(settings.deadShareMax * 100) % of the events are refused as documents\
      \(words(first.error)): a mapping is wrong, not the events. They are kept and tried again; no \
      more dead letters are written until most pass. Mend the mapping; or, if they are to become \
      dead letters, raise elasticsearch.dead_share_max.
      """, isError: true)
    keep(sorted.dead.map { $0.piece.with(items: [$0.index]) }, at: now)
  }

  private mutating func bury(_ dead: [DeliveryAction.Dead]) {
    if !dead.isEmpty { actions.append(.bury(dead)) }
  }

  /// Items that are refused for their index and not for themselves. The index is parked when its own error says so, or
  /// when it refused enough of them and took none; else each waits for itself.
  private mutating func park(
    _ items: [(Piece, ItemError)], took: Set<Int32>, at now: MonotonicTime,
    _ board: inout DeliveryBoard
  ) {
    var byDay: [Int32: [(Piece, ItemError)]] = [:]
    for (piece, error) in items { byDay[piece.day, default: []].append((piece, error)) }
    for day in byDay.keys.sorted() {
      guard let refused = byDay[day], let (sample, error) = refused.first else { continue }
      let isIndexWide =
        !took.contains(day)
        && (refused.count >= Self.refusedBeforePark || Judge.isOfIndex(error))
      if isIndexWide, board.parked.park(day, error, probeAt: now + settings.parkDelay) {
        for (piece, _) in refused {
          var piece = piece
          piece.attempts += 1
          wait(piece, for: day)
        }
        count(refused.count, .parked)
      } else {
        keep(refused.map(\.0), at: now)
      }
      actions.append(
        .refused(
          isParked: isIndexWide, day: day, sample: sample, items: refused.count, error: error))
    }
  }

  /// So many refused items of one index, and none taken, are the index's doing.
  private static let refusedBeforePark = 10

  private mutating func unpark(_ day: Int32, _ board: inout DeliveryBoard) {
    if board.parked.unpark(day) { actions.append(.unparked(day: day)) }
  }

  private func days(of pieces: [Piece]) -> [Int32] {
    Set(pieces.flatMap { piece in piece.items.map { piece.held.block.items[$0].day } }).sorted()
  }
}
