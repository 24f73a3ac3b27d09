/// What a sender does about each verdict.
extension Sender {
  func perform(_ verdict: Verdict, on shipment: Shipment, host: Int, took: Duration) {
    switch verdict {
    case .allDelivered:
      noteSuccess(host, took: took)
      settleAll(shipment)
    case .items(let verdicts):
      settle(shipment, verdicts, host: host, took: took)
    case .again(let cause, let error, let wait, let mayBeStored):
      again(shipment, cause, error, wait: wait, mayBeStored: mayBeStored, host: host)
    case .bisect(let error):
      var shipment = shipment
      shipment.noteUnclear()
      refusalsInARow += 1
      bisect(shipment, error)
    case .tooLarge:
      split(shipment)
    case .pause(let error):
      pause(shipment, error)
    case .aborted(let mayBeStored):
      var shipment = shipment
      if mayBeStored { shipment.noteUnclear() }
      queue.add(shipment)
    }
  }

  // MARK: All items alike

  private func settleAll(_ shipment: Shipment) {
    record(shipment)
    for piece in shipment.pieces {
      settle(piece.held, piece.items.map { Settlement.Item(index: $0, outcome: .delivered) })
    }
    context.monitor.update { $0.delivered += UInt64(shipment.itemCount) }
  }

  private func again(
    _ shipment: Shipment, _ cause: RetryCause, _ error: ItemError?, wait: Duration?,
    mayBeStored: Bool, host: Int
  ) {
    var shipment = shipment
    shipment.noteAttempt()
    if mayBeStored { shipment.noteUnclear() }
    if cause == .closedWithoutAnswer { shipment.closedCount += 1 }
    let isStuck = shipment.attempts % 3 == 0 && (cause == .reset || cause == .closedWithoutAnswer)
    // The server may cut a connection off in place of a 413, and a body may be over its memory limits.
    if cause == .tooManyRequests || isStuck { bodySize.shrink() }
    hosts.noteFailure(host, at: now, atLeast: wait, using: &random)
    count(shipment.itemCount, cause)
    let words = """
      Elasticsearch at \(hosts.url(of: host)) did not take \(shipment.itemCount) events \
      (try \(shipment.attempts))\(Self.words(error)). They are kept and sent again\
      \(shipment.closedCount >= 3 ? ", without gzip" : "")\(Self.advice(cause)).
      """
    let isUnknown = [.unreadableAnswer, .itemCountWrong, .unexpectedStatus, .tls].contains(cause)
    complain(cause.rawValue, words, isError: isUnknown)
    if hosts.earliest > now {
      context.monitor.setState(
        .backingOff(reason: "\(cause.rawValue)\(Self.words(error))"), of: number)
    }
    goOnWithout(shipment)
  }

  /// From the third failure on it steps back behind other events: is it the server, or is it this body? When others
  /// pass while it fails, its items are sent in smaller parts from the fifth try on.
  private func goOnWithout(_ shipment: Shipment) {
    var first = shipment
    first.due = now
    guard let since = first.failingSince else {
      first.failingSince = now
      return queue.add(first)
    }
    if first.attempts >= 3 {
      first.due = now + itemBackoff.wait(failures: first.attempts, using: &random)
    }
    if lastSuccess > since, first.attempts >= 5, first.itemCount > 1 {
      first.isolatedSince = first.isolatedSince ?? now
      queue.add(first.halve())
    }
    queue.add(first)
  }

  /// Halves a refused request until the guilty item is alone.
  private func bisect(_ shipment: Shipment, _ error: ItemError) {
    var first = shipment
    first.noteAttempt()
    first.isolatedSince = shipment.isolatedSince ?? now
    first.due = now
    count(first.itemCount, .bisected)
    complain(
      "bisect",
      """
      Elasticsearch refused a request of \(first.itemCount) events\(Self.words(error)): \
      looking for the one at fault; the others are delivered.
      """, isError: false)
    // Eight halvings without a request that was taken: it is not the documents.
    if refusalsInARow >= 8 { pauseAll("every request is refused\(Self.words(error))") }
    if first.itemCount > 1 {
      let second = first.halve()
      queue.add(first)
      queue.add(second)
    } else if let piece = first.pieces.first {
      judgeAlone(piece, error, since: first.isolatedSince ?? now)
    }
  }

  /// An item refused all alone is at fault only if others passed meanwhile.
  private func judgeAlone(_ piece: Piece, _ error: ItemError, since: MonotonicTime) {
    if lastSuccess > since {
      bury([(piece, piece.items[0], error)])
    } else {
      let wait = itemBackoff.wait(failures: piece.attempts, using: &random)
      queue.add(Shipment([piece], due: now + wait, isolatedSince: since))
    }
  }

  private func split(_ shipment: Shipment) {
    var first = shipment
    first.noteAttempt()
    first.due = now
    let bytes = first.rawBytes
    if first.itemCount > 1 {
      bodySize.noteTooLarge(rawBytes: bytes)
      count(first.itemCount, .tooLarge)
      complain(
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
      bury([(piece, piece.items[0], error)])
    }
  }

  private func pause(_ shipment: Shipment, _ error: ItemError) {
    var shipment = shipment
    shipment.noteAttempt()
    shipment.due = now
    count(shipment.itemCount, .paused)
    queue.add(shipment)
    pauseAll("requests are refused\(Self.words(error))")
    rereadCredentials()
  }

  /// After a 401 or 403: the operator may have put new ones in place.
  func rereadCredentials() {
    do throws(DeliveryError) { try transport.rereadCredentials() } catch {
      complain("credentials", "\(error)", isError: true)
    }
  }

  func pauseAll(_ reason: String) {
    pausesInARow += 1
    let ceiling = itemBackoff.ceiling(failures: pausesInARow + 2)
    // Not full jitter: a locked account must not be hammered.
    pausedUntil = now + ceiling
    context.monitor.setState(.paused(reason: reason), of: number)
    complain(
      "pause",
      """
      Delivery is paused: \(reason). All events are kept. Check the credentials, their privileges \
      on the indices, and blocks of the cluster; the next try is in \(ceiling.milliseconds) ms.
      """, isError: true)
  }

  // MARK: Each item for itself

  private func settle(
    _ shipment: Shipment, _ verdicts: [ItemVerdict], host: Int, took: Duration
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
    if sorted.goodCount > 0 { noteSuccess(host, took: took) } else { hosts.noteSuccess(host) }
    record(sorted.settled)
    for (held, items) in sorted.settled { settle(held, items) }
    context.monitor.update {
      $0.delivered += UInt64(sorted.delivered)
      $0.duplicates += UInt64(sorted.duplicates)
    }
    retry(sorted, of: shipment.itemCount)
    isolate(sorted, shipment)
    deadShare.note(judged: shipment.itemCount, dead: sorted.dead.count)
    if deadShare.isTripped, !sorted.dead.isEmpty {
      complain(
        "dead share",
        """
        More than \(settings.deadShareMax * 100) % of the events are refused as documents\
        \(Self.words(sorted.dead[0].2)): a mapping is wrong, not the events. They are kept and \
        tried again; no more dead letters are written until most pass.
        """, isError: true)
      park(sorted.dead.map { $0.0.with(items: [$0.1]) })
    } else {
      bury(sorted.dead)
    }
    park(sorted.parked)
  }

  private func retry(_ sorted: SortedItems, of sent: Int) {
    if !sorted.confirming.isEmpty {
      count(sorted.confirming.reduce(0) { $0 + $1.items.count }, .conflictAfterUnclear)
      queue.add(Shipment(sorted.confirming, due: now + settings.conflictConfirmation))
    }
    guard !sorted.retried.isEmpty else { return }
    var shipment = Shipment(sorted.retried, due: now)
    shipment.noteAttempt()
    let items = shipment.itemCount
    if sorted.causes[.tooManyRequests, default: 0] * 10 > sent { bodySize.shrink() }
    for (cause, items) in sorted.causes { count(items, cause) }
    shipment.due = now + itemBackoff.wait(failures: shipment.attempts, using: &random)
    queue.add(shipment)
    complain(
      "items again",
      """
      Elasticsearch took only part of a request: \(items) of \(sent) events are sent again \
      (try \(shipment.attempts))\(Self.words(sorted.firstError)).
      """, isError: false)
  }

  private func isolate(_ sorted: SortedItems, _ shipment: Shipment) {
    guard let error = sorted.isolatedError else { return }
    bisect(
      Shipment(sorted.isolated, due: now, isolatedSince: shipment.isolatedSince), error)
  }

  // MARK: Ends

  /// Writes dead letters, waits for the disk, then settles. When they can not be written their items are kept.
  func bury(_ dead: [(Piece, Int, ItemError)]) {
    guard !dead.isEmpty else { return }
    var letters: [DeadLetter] = []
    do throws(DeliveryError) {
      for (piece, index, error) in dead { letters.append(try letter(piece, index, error)) }
      try context.deadLetters.write(letters)
    } catch {
      complain("dead letters", "\(error)", isError: true)
      return park(dead.map { $0.0.with(items: [$0.1]) })
    }
    for (piece, index, _) in dead {
      settle(piece.held, [Settlement.Item(index: index, outcome: .deadLettered)])
    }
    context.monitor.update { $0.deadLettered += UInt64(dead.count) }
    complain(
      "dead",
      """
      \(dead.count) events are refused for good\(Self.words(dead[0].2)); they are in \
      \(context.deadLetters.path).
      """, isError: true)
  }

  private func letter(
    _ piece: Piece, _ index: Int, _ error: ItemError
  ) throws(DeliveryError) -> DeadLetter {
    let event = try reader.event(index, of: piece.held)
    let block = piece.held.block
    return DeadLetter(
      ring: context.deadLetters.streamOf(block), sequence: block.firstSequence + UInt64(index),
      isCopy: block.isCopy,
      index: event.index, id: event.id, status: error.status, type: error.type,
      reason: ReasonScrubber.scrub(error.reason), attempts: piece.attempts + 1,
      atMilliseconds: context.clock.wallMilliseconds(), document: event.document)
  }

  /// Items whose index takes nothing now.
  private func park(_ items: [(Piece, ItemError)]) {
    guard !items.isEmpty else { return }
    var reasons: [String: (error: ItemError, count: Int)] = [:]
    for (piece, error) in items {
      reasons[indexName(of: piece), default: (error, 0)].count += piece.items.count
    }
    for (index, (error, count)) in reasons {
      parked[index] = error.type
      complain(
        "park \(index) \(error.type)",
        """
        Index \(index) does not take \(count) events\(Self.words(error)). They are kept and tried \
        again every \(settings.parkDelay.milliseconds / 1000) s; events of other indices go on.
        """, isError: true)
    }
    park(items.map(\.0))
  }

  func park(_ pieces: [Piece]) {
    guard !pieces.isEmpty else { return }
    var shipment = Shipment(pieces, due: now + settings.parkDelay)
    shipment.noteAttempt()
    for at in shipment.pieces.indices { shipment.pieces[at].isParked = true }
    count(shipment.itemCount, .parked)
    queue.add(shipment)
  }

  /// What is stuck must not keep others from passing: once half the room for held events is used, the source sets it
  /// aside, further back. Not while nothing passes at all, and not what may be stored already.
  func setStuckAside() {
    guard heldItemCount * 2 >= settings.heldItemsMax, context.source.canRelocate,
      lastSuccess + Self.passingLately > now
    else { return }
    let stuck = queue.take { piece in
      piece.held.block.isMovable && !piece.isUnclear
        && (piece.isParked || piece.attempts >= Self.attemptsBeforeAside)
    }
    guard !stuck.isEmpty else { return }
    for piece in stuck {
      context.source.relocate(piece.held.block.id, items: piece.items)
      for index in piece.items { piece.held.markSettled(index) }
      if piece.held.owedCount == 0 {
        held[piece.held.block.id] = nil
        context.source.release([piece.held.block.id])
      }
    }
    complain(
      "aside",
      "\(stuck.reduce(0) { $0 + $1.items.count }) events that could not be delivered for now were set aside in the ring, so that others pass; they come again later.",
      isError: false)
  }

  private func settle(_ block: HeldBlock, _ items: [Settlement.Item]) {
    guard !items.isEmpty else { return }
    for item in items { block.markSettled(item.index) }
    context.source.settle(Settlement(block: block.block.id, items: items))
    if block.owedCount == 0 { held[block.block.id] = nil }
  }

  private func noteSuccess(_ host: Int, took: Duration) {
    hosts.noteSuccess(host)
    lastSuccess = now
    (refusalsInARow, pausesInARow) = (0, 0)
    bodySize.noteSuccess(took: took)
    if queue.isEmpty { parked.removeAll() }
    context.monitor.setState(.ok, of: number)
    context.monitor.update {
      $0.lastSuccessMilliseconds = context.clock.wallMilliseconds()
    }
  }

  private func count(_ items: Int, _ cause: RetryCause) {
    context.monitor.update { $0.retries[cause, default: 0] += UInt64(items) }
  }

  private func indexName(of piece: Piece) -> String {
    (try? reader.event(piece.items[0], of: piece.held).index) ?? "(unknown)"
  }

  /// " (HTTP 503 cluster_block_exception: blocked by …)": what the server or libcurl said, in brackets.
  static func words(_ error: ItemError?) -> String {
    guard let error else { return "" }
    let reason = ReasonScrubber.scrub(error.reason)
    let status = error.status == 0 ? "" : "HTTP \(error.status) "
    return " (\(status)\(error.type)\(reason.isEmpty ? "" : ": \(reason)"))"
  }

  static func advice(_ cause: RetryCause) -> String {
    switch cause {
    case .tls:
      ". Check elasticsearch.tls.ca, the host's name in its certificate, and that the port speaks TLS"
    case .closedWithoutAnswer:
      ". A port that wants TLS closes plain HTTP like this: check the scheme of the hosts"
    case .unreadableAnswer, .unexpectedStatus, .itemCountWrong:
      ". Check that the hosts are Elasticsearch itself, and what a proxy before it does"
    default: ""
    }
  }
}
