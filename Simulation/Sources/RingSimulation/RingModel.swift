import LogPipeline

/// What must be there: the model's own book of every event, which shares no code with the ring's.
///
/// Events stand in the order in which the ring took them; the index is the sequence - 1. What was acknowledged is a
/// prefix of it. Each event has at most one outcome since the last start of the consumer.
struct RingModel {
  static let outcomesMax = 5
  static let quarantined: UInt8 = 4

  private(set) var fingerprints: [UInt64] = []
  private(set) var lengths: [UInt32] = []
  /// 0: none yet. 1 to 3: as the consumer said. 4: lost to damage.
  private(set) var outcomes: [UInt8] = []
  private(set) var blocks: [ModelBlock] = []
  private(set) var acknowledgedBlocks = 0
  private(set) var groups: [ModelGroup] = []
  private(set) var live = [UInt64](repeating: 0, count: outcomesMax)
  var refused: UInt64 = 0
  var oracle: DamageOracle
  /// A durable superblock was lost by a lying disk: what it freed may be gone, up to this event.
  var lostBefore = 0

  // The consumer's cursor as the newest superblock says, and the outcomes before it.
  private(set) var cursor = 0
  private var behind = [UInt64](repeating: 0, count: outcomesMax)

  private var nextFingerprint: UInt64 = 1
  private var nextTickets: [UInt64] = [1, 1]
  private var acknowledgedTickets: [UInt64] = [0, 0]

  init(oracle: DamageOracle) { self.oracle = oracle }

  var acknowledgedEvents: Int {
    acknowledgedBlocks < blocks.count ? blocks[acknowledgedBlocks].first : fingerprints.count
  }

  // MARK: Taking in

  /// A block of new events, not in the book yet.
  mutating func newBlock(_ wanted: [UInt32], intake: Int) -> RawBlock {
    let first = nextFingerprint
    let fingerprints = (0..<UInt64(wanted.count)).map { first + $0 }
    return RawBlock(
      bytes: EventBytes.block(fingerprints[...], wanted[...]),
      items: zip(fingerprints, wanted).map {
        BlockItem(fingerprint: $0, rawLengthBytes: $1, day: 20_000, flags: UInt32($0 & 7))
      }, intake: intake, ticket: nextTickets[intake])
  }

  /// The ring took it.
  mutating func offered(_ block: RawBlock) {
    blocks.append(
      ModelBlock(
        first: fingerprints.count, count: block.items.count, intake: block.intake,
        ticket: block.ticket))
    for item in block.items {
      fingerprints.append(item.fingerprint)
      lengths.append(item.rawLengthBytes)
      outcomes.append(0)
    }
    nextFingerprint += UInt64(block.items.count)
    nextTickets[block.intake] += 1
  }

  mutating func wrote(_ mark: GroupMark) {
    groups.append(ModelGroup(mark: mark, acknowledgedEvents: acknowledgedEvents))
    // What a later lap has written over is of no use any more.
    if groups.count > 64, groups[0].mark.position + oracle.dataSize <= mark.position {
      groups.removeAll { $0.mark.position + oracle.dataSize <= mark.position }
    }
  }

  /// - Parameters:
  ///   - tickets: what the ring says is durable now.
  ///   - covered: how many events lay in groups written before the sync began.
  /// - Returns: the objection, if any.
  mutating func acknowledged(_ tickets: [IntakeTicket], covered: Int) -> String? {
    for moved in tickets { acknowledgedTickets[moved.intake] = moved.ticket }
    while acknowledgedBlocks < blocks.count, isAcknowledged(blocks[acknowledgedBlocks]) {
      acknowledgedBlocks += 1
    }
    if blocks[acknowledgedBlocks...].contains(where: isAcknowledged) {
      return "a block was acknowledged before one that came earlier"
    }
    return acknowledgedEvents <= covered
      ? nil
      : "event \(acknowledgedEvents) was acknowledged; only \(covered) were written before the sync began"
  }

  /// Of groups that became acknowledged: each must be on the platter.
  func objectionToAcknowledged(from before: Int) -> String? {
    for event in before..<acknowledgedEvents where newestGroup(holding: UInt64(event + 1)) == nil {
      return "event \(event + 1) was acknowledged, and no group that was written holds it"
    }
    for group in groups.reversed() where !group.mark.isSkip {
      if group.mark.lastSequence <= UInt64(before) { return nil }
      guard group.mark.lastSequence <= UInt64(acknowledgedEvents),
        newestGroup(holding: group.mark.firstSequence)?.number == group.mark.number
      else { continue }
      if !oracle.isOnPlatter(group.mark) {
        return "group \(group.mark.number) was acknowledged and is not on the platter"
      }
    }
    return nil
  }

  // MARK: Delivery

  /// Whether the block is what was offered, byte for byte, and holds what is still unsettled.
  func objection(to block: StoredBlock) -> String? {
    let first = Int(block.firstSequence) - 1
    guard let known = self.block(at: first), known.count == block.items.count else {
      return "block \(block.id) was never offered so"
    }
    guard known.end <= acknowledgedEvents else { return "block \(block.id) is not durable" }
    for (index, item) in block.items.enumerated() {
      let event = first + index
      guard item.fingerprint == fingerprints[event], item.rawLengthBytes == lengths[event],
        item.day == 20_000, item.flags == UInt32(item.fingerprint & 7)
      else { return "event \(event + 1) is another: its row is not what was offered" }
      if (block.settled?[index] ?? false) != (outcomes[event] != 0) {
        return "event \(event + 1) is leased as settled or not, wrongly"
      }
    }
    let raw =
      block.codec == .raw
      ? block.stored : Inflater.raw(block.stored, rawLengthBytes: block.rawLengthBytes) ?? []
    let expected = EventBytes.block(
      fingerprints[first..<known.end], lengths[first..<known.end])
    return raw == expected ? nil : "block \(block.id) has other bytes than were offered"
  }

  mutating func settled(_ event: Int, _ outcome: UInt8) {
    guard outcomes[event] == 0 else { return }
    outcomes[event] = outcome
    live[Int(outcome)] += 1
  }

  /// A leased block turned out unreadable: is it?
  mutating func quarantined(blockAt first: Int) -> String? {
    guard let block = block(at: first) else { return "block \(first + 1) was never offered" }
    for event in block.first..<block.end where outcomes[event] == 0 {
      if let objection = objectionToLoss(of: event) { return objection }
      settled(event, Self.quarantined)
    }
    return nil
  }

  /// The cursor of a superblock: everything before it has come to its end, and its counts say to which.
  mutating func passed(_ record: ConsumerRecord) -> String? {
    let target = Int(record.sequence) - 1
    guard target >= cursor else {
      return "the cursor went back from \(cursor + 1) to \(target + 1)"
    }
    guard target <= acknowledgedEvents else { return "the cursor is ahead of what is durable" }
    for event in cursor..<target {
      if outcomes[event] == 0 {
        if let objection = objectionToLoss(of: event) {
          return "the cursor passed unsettled event \(event + 1): \(objection)"
        }
        settled(event, Self.quarantined)
      }
      behind[Int(outcomes[event])] += 1
    }
    cursor = target
    let found = [record.delivered, record.duplicate, record.deadLettered, record.quarantined]
    return found == Array(behind[1...])
      ? nil : "a superblock counts \(found) behind event \(target); the model \(behind[1...])"
  }

  /// The live sums.
  func objection(to ledger: Ledger) -> String? {
    guard ledger.isAcceptedBalanced else {
      return "the sum of accepted events does not hold: \(ledger)"
    }
    guard ledger.accepted == UInt64(acknowledgedEvents) else {
      return "accepted is \(ledger.accepted), the model has \(acknowledgedEvents)"
    }
    guard ledger.refused == refused else {
      return "refused is \(ledger.refused), the model has \(refused)"
    }
    let found = [ledger.delivered, ledger.duplicate, ledger.deadLettered]
    guard found == Array(live[1...3]) else {
      return "settled: \(found), the model has \(live[1...3])"
    }
    guard ledger.quarantined >= live[Int(Self.quarantined)], ledger.dropped == 0, ledger.erased == 0
    else { return "quarantined, dropped or erased events do not add up: \(ledger)" }
    return nil
  }

  // MARK: Starting over

  /// The opening found `count` events, and the consumer stands behind the first `cursor` of them.
  mutating func reopened(count: Int, cursor: Int, head: UInt64) -> String? {
    guard count <= fingerprints.count else {
      return "\(count) events were found, only \(fingerprints.count) were ever offered"
    }
    fingerprints.removeLast(fingerprints.count - count)
    lengths.removeLast(lengths.count - count)
    outcomes.removeLast(outcomes.count - count)
    while let last = blocks.last, last.end > count {
      if last.first < count { return "event \(count) is the last one found, inside a block" }
      blocks.removeLast()
    }
    groups.removeAll { $0.mark.position >= head }
    acknowledgedBlocks = blocks.count
    nextTickets = [1, 1]
    acknowledgedTickets = [0, 0]
    guard cursor <= count else { return "the cursor \(cursor) is behind the end \(count)" }
    live = [UInt64](repeating: 0, count: Self.outcomesMax)
    for event in 0..<count {
      if event < cursor {
        if outcomes[event] == 0 { return "event \(event + 1) lies behind the cursor, unsettled" }
        live[Int(outcomes[event])] += 1
      } else {
        outcomes[event] = 0
      }
    }
    self.cursor = cursor
    behind = live
    return nil
  }

  func newestGroup(holding sequence: UInt64) -> GroupMark? {
    groups.last {
      $0.mark.eventCount > 0 && $0.mark.firstSequence <= sequence
        && sequence <= $0.mark.lastSequence
    }?.mark
  }

  func block(at first: Int) -> ModelBlock? {
    var (low, high) = (0, blocks.count)
    while low < high {
      let middle = (low + high) / 2
      if blocks[middle].first < first { low = middle + 1 } else { high = middle }
    }
    return low < blocks.count && blocks[low].first == first ? blocks[low] : nil
  }

  /// Why an event may not be given up; nil: the disk damaged it.
  private func objectionToLoss(of event: Int) -> String? {
    if event < lostBefore { return nil }
    let sequence = UInt64(event + 1)
    // Its header never went out: an opening that finds damage before it can not tell, and counts it too.
    guard let group = newestGroup(holding: sequence) else { return nil }
    let damage = oracle.damage(of: group, isOnPlatterToo: true)
    if !damage.isReadable || damage.blocks.contains(where: { holds($0, sequence) }) { return nil }
    let bad = groups.filter { !oracle.damage(of: $0.mark, isOnPlatterToo: true).isNone }.map {
      "#\($0.mark.number) of events \($0.mark.firstSequence) to \($0.mark.lastSequence)"
    }
    return
      "event \(sequence) of group #\(group.number) at \(group.position) was given up, and its bytes are whole; damaged are: \(bad.joined(separator: ", "))"
  }

  private func holds(_ firstSequence: UInt64, _ sequence: UInt64) -> Bool {
    guard let block = block(at: Int(firstSequence) - 1) else { return false }
    return sequence >= firstSequence && sequence <= UInt64(block.end)
  }

  private func isAcknowledged(_ block: ModelBlock) -> Bool {
    block.ticket <= acknowledgedTickets[block.intake]
  }
}
