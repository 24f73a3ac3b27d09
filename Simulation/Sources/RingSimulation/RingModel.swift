import LogPipeline

/// What must be there: the model's own book of every event, which shares no code with the ring's.
///
/// Events stand in the order in which the ring took them. What was acknowledged is a prefix of it. Which sequences the
/// ring gave them, and which copies it made, is read from the groups it wrote, by the offsets of docs/ring-format.md.
struct RingModel {
  private(set) var fingerprints: [UInt64] = []
  private(set) var lengths: [UInt32] = []
  /// Of each event as it was taken in; `.max`: not written yet. Ascending.
  private(set) var sequences: [UInt64] = []
  /// By sequence, of copies too; -1: no event.
  private var eventAt: [Int32] = [-1]
  /// By event, ascending.
  var copies: [Int: [ModelCopy]] = [:]
  private(set) var blocks: [ModelBlock] = []
  private(set) var acknowledgedBlocks = 0
  var groups: [ModelGroup] = []
  /// The last one written, and the last one of which the ring was told that it is durable.
  private(set) var writtenSequence: UInt64 = 0
  private(set) var durableSequence: UInt64 = 0
  /// Copies were written of which the book has nothing yet.
  var areCopiesUnknown = false
  /// An opening came after a life that made copies, or jumped over sequences: of copies that are lost now, the ring
  /// counts what is missing only at the end.
  var areLostCopiesInDoubt = false
  var refused: UInt64 = 0
  var oracle: DamageOracle
  /// The first is the primary.
  var consumers: [ModelConsumer] = []
  /// A durable superblock was lost by a lying disk: what it freed may be gone, up to this sequence.
  var lostBefore: UInt64 = 0
  let isDropping: Bool

  /// Of all that was ever taken in, by fingerprint from 1 on: also of what an opening cut off.
  private(set) var lengthsEver: [UInt32] = []
  /// How many copies of an event were ever written, by fingerprint.
  private(set) var copiesEver: [UInt64: Int] = [:]
  private var nextFingerprint: UInt64 = 1
  private var nextTickets: [UInt64] = [1, 1]
  private var acknowledgedTickets: [UInt64] = [0, 0]

  init(oracle: DamageOracle, isDropping: Bool) {
    self.oracle = oracle
    self.isDropping = isDropping
  }

  var acknowledgedEvents: Int {
    acknowledgedBlocks < blocks.count ? blocks[acknowledgedBlocks].first : fingerprints.count
  }

  // MARK: Taking in

  /// A block of new events, not in the book yet.
  func newBlock(_ wanted: [UInt32], intake: Int) -> RawBlock {
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
      lengthsEver.append(item.rawLengthBytes)
      sequences.append(.max)
    }
    for index in consumers.indices {
      consumers[index].ends.append(contentsOf: repeatElement(ModelEnd(), count: block.items.count))
    }
    nextFingerprint += UInt64(block.items.count)
    nextTickets[block.intake] += 1
  }

  // MARK: Groups

  /// The ring has written a group: which sequences it gave to which events.
  mutating func wrote(_ mark: GroupMark) -> String? {
    groups.append(ModelGroup(mark: mark, durableSequence: durableSequence))
    // What a later lap has written over is of no use any more.
    if groups.count > 64, groups[0].mark.position + oracle.dataSize <= mark.position {
      groups.removeAll { $0.mark.position + oracle.dataSize <= mark.position }
    }
    if mark.isSkip {
      // It tells what was given before it, as a group does.
      if mark.firstSequence > writtenSequence + 1, guessSequences(before: mark) {
        writtenSequence = mark.firstSequence - 1
      }
      return nil
    }
    let content = oracle.content(of: mark)
    if mark.isRelocated {
      for fingerprint in content.fingerprints { copiesEver[fingerprint, default: 0] += 1 }
    }
    // The write of one before it failed: all of them are written again before anything of them counts.
    guard mark.firstSequence <= writtenSequence + 1 || guessSequences(before: mark) else {
      if mark.isRelocated { areCopiesUnknown = true }
      return nil
    }
    writtenSequence = mark.lastSequence
    growBook(to: mark.lastSequence)
    for (index, fingerprint) in content.fingerprints.enumerated() {
      let sequence = mark.firstSequence + UInt64(index)
      guard let event = event(of: fingerprint) else {
        return "group #\(mark.number) holds an event that was never offered"
      }
      if mark.isRelocated {
        guard self.event(at: content.origins[index]) == event else {
          return "the copy \(sequence) names \(content.origins[index]), which is another event"
        }
        noteCopy(of: event, sequence)
      } else if sequences[event] == .max {
        if event > 0, sequences[event - 1] >= sequence {
          return "event \(sequence) was written before one that came earlier"
        }
        sequences[event] = sequence
      } else if sequences[event] != sequence {
        return "event \(sequences[event]) was written again as \(sequence)"
      }
      eventAt[Int(sequence)] = Int32(event)
    }
    return nil
  }

  /// The headers of the groups before it never went out. If only new events lay in them, their sequences are known.
  private mutating func guessSequences(before mark: GroupMark) -> Bool {
    let known = events(through: writtenSequence)
    let given = mark.firstSequence - writtenSequence - 1
    var first = known + Int(given)
    if mark.isRelocated || mark.isSkip {
      // No copies are among them, says the header.
      guard mark.relocatedTotal == writtenSequence - UInt64(known) else { return false }
    } else {
      first = oracle.content(of: mark).fingerprints.first.flatMap(event(of:)) ?? known
    }
    guard known < first, first <= sequences.count, sequences[known] == .max,
      given == UInt64(first - known)
    else { return false }
    growBook(to: mark.firstSequence)
    for event in known..<first {
      sequences[event] = writtenSequence + 1 + UInt64(event - known)
      eventAt[Int(sequences[event])] = Int32(event)
    }
    return true
  }

  private mutating func noteCopy(of event: Int, _ sequence: UInt64) {
    var known = copies[event] ?? []
    // A failed commit is written again with the same sequences.
    guard !known.contains(where: { $0.sequence == sequence }) else { return }
    known.append(ModelCopy(sequence: sequence))
    copies[event] = known
  }

  private mutating func growBook(to sequence: UInt64) {
    if eventAt.count <= Int(sequence) {
      eventAt.append(contentsOf: repeatElement(-1, count: Int(sequence) + 1 - eventAt.count))
    }
  }

  func event(at sequence: UInt64) -> Int? {
    guard sequence < eventAt.count, eventAt[Int(sequence)] >= 0 else { return nil }
    return Int(eventAt[Int(sequence)])
  }

  private func event(of fingerprint: UInt64) -> Int? {
    let index = fingerprints.firstIndex(notBelow: fingerprint)
    return index < fingerprints.count && fingerprints[index] == fingerprint ? index : nil
  }

  /// How many events have sequences up to this one, copies not counted.
  func events(through sequence: UInt64) -> Int { sequences.firstIndex(notBelow: sequence + 1) }

  /// The last sequence before the event that follows the first `count` ones.
  func lastSequence(of count: Int, atMost limit: UInt64) -> UInt64 {
    count < sequences.count ? min(limit, sequences[count] - 1) : limit
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

  // MARK: Commits

  /// A sync has ended.
  /// - Parameters:
  ///   - tickets: what the ring says is durable now.
  ///   - covered: the last sequence written before the sync began; nil: it failed.
  /// - Returns: the objection, if any.
  mutating func committed(_ tickets: [IntakeTicket], covered: UInt64?) -> String? {
    for moved in tickets { acknowledgedTickets[moved.intake] = moved.ticket }
    while acknowledgedBlocks < blocks.count, isAcknowledged(blocks[acknowledgedBlocks]) {
      acknowledgedBlocks += 1
    }
    if blocks[acknowledgedBlocks...].contains(where: isAcknowledged) {
      return "a block was acknowledged before one that came earlier"
    }
    guard let covered else {
      return tickets.isEmpty ? nil : "a commit that failed acknowledged something"
    }
    durableSequence = max(durableSequence, covered)
    let durable = events(through: durableSequence)
    return acknowledgedEvents == durable
      ? nil
      : "\(acknowledgedEvents) events are acknowledged; \(durable) were written before the sync began"
  }

  /// Groups that became durable: each must be on the platter.
  func objectionToDurable(from before: UInt64) -> String? {
    for group in groups.reversed() where group.mark.eventCount > 0 {
      if group.mark.lastSequence <= before { return nil }
      guard group.mark.lastSequence <= durableSequence,
        newestGroup(holding: group.mark.firstSequence)?.number == group.mark.number
      else { continue }
      if !oracle.isOnPlatter(group.mark) {
        return "group \(group.mark.number) was acknowledged and is not on the platter"
      }
    }
    return nil
  }

  private func isAcknowledged(_ block: ModelBlock) -> Bool {
    block.ticket <= acknowledgedTickets[block.intake]
  }

  /// Only so many events are left, up to this sequence; numbers go on behind `head`.
  /// - Returns: the objection, if any.
  mutating func cut(
    to count: Int, through last: UInt64, head: RingAnchor, burns: [BurnedRange]
  ) -> String? {
    guard count <= fingerprints.count else {
      return "\(count) events were found, only \(fingerprints.count) were ever offered"
    }
    guard events(through: last) == count else {
      return
        "\(count) events were found up to sequence \(last), \(events(through: last)) have been given one"
    }
    fingerprints.removeLast(fingerprints.count - count)
    lengths.removeLast(lengths.count - count)
    sequences.removeLast(sequences.count - count)
    while let block = blocks.last, block.end > count {
      if block.first < count { return "event \(count) is the last one found, inside a block" }
      blocks.removeLast()
    }
    groups.removeAll {
      $0.mark.position >= head.position || $0.mark.eventCount > 0 && $0.mark.lastSequence > last
    }
    acknowledgedBlocks = blocks.count
    nextTickets = [1, 1]
    acknowledgedTickets = [0, 0]
    if eventAt.count > Int(last) + 1 { eventAt.removeLast(eventAt.count - Int(last) - 1) }
    growBook(to: head.sequence - 1)
    (writtenSequence, durableSequence) = (head.sequence - 1, head.sequence - 1)
    // What is given from here on is newer than what a lost superblock had freed.
    lostBefore = min(lostBefore, head.sequence)
    let void = takeVoidCopies(burns)
    for event in Array(copies.keys) {
      let kept = (copies[event] ?? []).filter { copy in
        copy.sequence <= last && !void.contains { $0.contains(copy.sequence) }
      }
      copies[event] = kept.isEmpty || event >= count ? nil : kept
    }
    return nil
  }

  /// Copies that no group holds any more: first attempts that the opening knows to be void, and all that was cut off. An
  /// opening that came to no end may have jumped over their sequences, which then are nobody's.
  private mutating func takeVoidCopies(_ burns: [BurnedRange]) -> [ClosedRange<UInt64>] {
    let void = groups.filter { group in
      group.mark.isRelocated
        && newestGroup(holding: group.mark.firstSequence)?.number == group.mark.number
        && burns.contains {
          ($0.fromPosition..<$0.toPosition).contains(group.mark.position)
        }
    }.map(\.mark)
    groups.removeAll { group in void.contains { $0.number == group.mark.number } }
    var ranges = void.map { $0.firstSequence...$0.lastSequence }
    let held = groups.filter { $0.mark.eventCount > 0 }.map(\.mark.lastSequence).max()
    if let held, held + 1 < UInt64(eventAt.count) {
      let behind = held + 1...UInt64(eventAt.count) - 1
      if behind.allSatisfy({ isCopy($0) }) { ranges.append(behind) }
    }
    for range in ranges {
      for sequence in range where sequence < eventAt.count { eventAt[Int(sequence)] = -1 }
    }
    return ranges
  }

  /// Or nobody's.
  private func isCopy(_ sequence: UInt64) -> Bool {
    event(at: sequence).map { $0 >= sequences.count || sequences[$0] != sequence } ?? true
  }
}
