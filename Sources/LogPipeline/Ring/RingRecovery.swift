/// Finds the end of the log after a stop of any kind. Pure: it asks for bytes, is given them, and decides.
///
/// Before the superblock's hint all was durable; from there on each group must hold by itself and by its chain. A
/// group that does not is a torn tail, unless a later header of this opening witnesses that it had been durable.
package struct RingRecovery {
  package enum Need: Equatable, Sendable {
    /// Logical; never spans the end of the data area.
    case bytes(position: UInt64, count: Int)
    case nothing
  }

  /// What lies at the end of the log.
  package struct Outcome: Sendable {
    /// Where the next group goes.
    package var end: RingAnchor
    /// What is adopted from here to the end is written again with identical bytes: it may be in memory only.
    package var rewriteFrom: UInt64
    package var tailPosition: UInt64
    package var tailGroup: UInt64
    package var refused: UInt64
    package var burns: [BurnedRange]
    package var report: RecoveryReport
  }

  private enum Phase {
    case header
    case tables(GroupHeader)
    case blocks(GroupHeader, [BlockRow], index: Int)
    case scan(position: UInt64, Scan)
    case done
  }

  /// What the look ahead has found so far.
  private struct Scan {
    /// The group at the place in doubt, when only its blocks are bad.
    var readable: GroupHeader?
    var resume = ResumePoint()
  }

  /// More than the groups that can wait for one commit, so that the start of a burned range is always among them.
  private static let anchorsMax = 4096
  private static let scanBytes = 256 << 10

  private let fileId: UInt64
  private let openNumber: UInt32
  private let dataSize: UInt64
  private var next: RingAnchor
  private var durableGroup: UInt64
  /// Starts of the groups adopted lately, oldest first.
  private var anchors: [RingAnchor] = []
  private var phase = Phase.header
  private var outcome: Outcome

  package init(superblock: Superblock) {
    fileId = superblock.fileId
    openNumber = superblock.openNumber
    dataSize = superblock.dataSize
    next = superblock.hint
    durableGroup = superblock.durableGroup
    outcome = Outcome(
      end: superblock.hint, rewriteFrom: superblock.hint.position,
      tailPosition: superblock.tail.position, tailGroup: superblock.tail.group,
      refused: superblock.refused, burns: superblock.burns, report: RecoveryReport())
    if superblock.flags & Superblock.flagClosedCleanly != 0 {
      outcome.report.wasClosedCleanly = true
      phase = .done
    } else if isRingFull {
      phase = .done
    }
  }

  package var need: Need {
    switch phase {
    case .header: .bytes(position: next.position, count: RingLayout.groupHeaderBytes)
    case .tables(let header):
      .bytes(
        position: header.position + UInt64(header.tablesAt),
        count: Int(header.lengthBytes - header.tablesAt))
    case .blocks(let header, let rows, let index):
      .bytes(
        position: header.position + UInt64(rows[index].storedAt),
        count: Int(rows[index].storedLengthBytes))
    case .scan(let position, _):
      .bytes(
        position: position,
        count: Int(
          min(UInt64(Self.scanBytes), scanEnd - position, dataSize - position % dataSize)))
    case .done: .nothing
    }
  }

  /// Whether the bytes are only searched for headers: then what can be read of them is of use.
  package var isLookingAhead: Bool {
    if case .scan = phase { return true }
    return false
  }

  /// - Parameter bytes: what was needed; nil when it can not be read, which is as bad as wrong.
  package mutating func take(_ bytes: [UInt8]?) {
    switch phase {
    case .header: takeHeader(bytes.flatMap(decoded))
    case .tables(let header):
      guard let bytes, let tables = GroupTables(bytes, of: header) else {
        outcome.report.isTailTorn = true
        return startScan(Scan())
      }
      phase = .blocks(header, tables.rows, index: 0)
    case .blocks(let header, let rows, let index):
      guard let bytes, Crc32c.of(bytes) == rows[index].storedCrc else {
        return takeBadBlock(of: header)
      }
      if index + 1 < rows.count {
        phase = .blocks(header, rows, index: index + 1)
      } else {
        adopt(header)
      }
    case .scan(let position, let scan): takeScanned(bytes, at: position, scan)
    case .done: invariant(false, "recovery that is done takes nothing")
    }
  }

  /// Once ``need`` is nothing.
  package var result: Outcome {
    var result = outcome
    result.end = next
    // The group behind the last one witnessed durable; when it is not known any more, an earlier place does no harm.
    let first = anchors.first { $0.group > durableGroup }
    result.rewriteFrom = first?.position ?? next.position
    return result
  }

  private func decoded(_ bytes: [UInt8]) -> GroupHeader? {
    GroupHeader(bytes, fileId: fileId, dataSize: dataSize)
  }

  private mutating func takeHeader(_ header: GroupHeader?) {
    guard let header, header.position == next.position, header.openNumber == openNumber else {
      return startScan(Scan())
    }
    if header.group == next.group, next.chain == nil || header.previousChain == next.chain {
      if header.flags.contains(.skip) { return adopt(header) }
      phase = .tables(header)
    } else if !rollBack(to: header) {
      startScan(Scan())
    }
  }

  /// A BURN whose chain is the one at its `burnFrom`: the groups between are no part of the log.
  private mutating func rollBack(to header: GroupHeader) -> Bool {
    guard header.flags.contains(.burn), header.group >= next.group else { return false }
    let known = anchors.lastIndex { $0.position == header.burnFrom }
    let start = known.map { anchors[$0] } ?? next
    // Behind a SKIP with BURN that is lost, the chain is the SKIP's.
    guard start.position == header.burnFrom,
      start.chain == header.previousChain || start.sequence == header.firstSequence
    else { return false }
    if let known { anchors.removeSubrange(known...) }
    next = RingAnchor(
      position: header.position, group: header.group, sequence: start.sequence,
      relocated: start.relocated, chain: header.previousChain)
    outcome.burns.append(
      BurnedRange(
        fromPosition: header.burnFrom, toPosition: header.position, toGroup: header.group))
    outcome.report.burnsFound += 1
    phase = .header
    return true
  }

  private mutating func takeBadBlock(of header: GroupHeader) {
    if header.group <= durableGroup { return adoptDamaged(header) }
    outcome.report.isTailTorn = true
    startScan(Scan(readable: header))
  }

  private mutating func adopt(_ header: GroupHeader) {
    anchors.append(next)
    if anchors.count > Self.anchorsMax { anchors.removeFirst(anchors.count - Self.anchorsMax / 2) }
    if header.flags.contains(.data) { outcome.report.groupsFound += 1 }
    if !header.flags.contains(.relocated) {
      outcome.report.eventsFound += UInt64(header.eventCount)
    }
    outcome.report.isTailTorn = false
    outcome.refused = max(outcome.refused, header.refusedTotal)
    learn(from: header)
    next = header.end
    phase = isRingFull ? .done : .header
  }

  /// Its header and tables hold, a block does not: who reads that block quarantines it.
  private mutating func adoptDamaged(_ header: GroupHeader) { adopt(header) }

  private mutating func learn(from header: GroupHeader) {
    durableGroup = max(durableGroup, header.durableGroup)
    if header.tailPosition > outcome.tailPosition {
      outcome.tailPosition = header.tailPosition
      outcome.tailGroup = header.tailGroup
    }
  }

  private var isRingFull: Bool { next.position >= outcome.tailPosition + dataSize }
  private var scanEnd: UInt64 { outcome.tailPosition + dataSize }

  private mutating func startScan(_ scan: Scan) {
    let position = next.position + UInt64(RingLayout.pageBytes)
    guard position < scanEnd else { return conclude(scan) }
    phase = .scan(position: position, scan)
  }

  private mutating func takeScanned(_ bytes: [UInt8]?, at position: UInt64, _ found: Scan) {
    guard case .bytes(_, let count) = need else { return }
    var scan = found
    for offset in stride(from: 0, to: bytes == nil ? 0 : count, by: RingLayout.pageBytes) {
      guard let bytes, bytes.load(UInt32.self, at: offset) == RingLayout.groupMagic,
        let header = decoded(Array(bytes[offset..<offset + RingLayout.groupHeaderBytes])),
        header.position == position + UInt64(offset), header.openNumber == openNumber,
        header.group > next.group
      else { continue }
      // First: a burn starts over with sequences that were adopted already.
      if rollBack(to: header) { return }
      guard header.firstSequence >= next.sequence else { continue }
      learn(from: header)
      scan.resume.see(header)
    }
    let after = position + UInt64(count)
    let isProven = durableGroup >= next.group && scan.resume.isSettled(at: after)
    if after < scanEnd, !isProven { phase = .scan(position: after, scan) } else { conclude(scan) }
  }

  /// The look ahead is over: damage when a later header says that the group here had been durable, else the end.
  private mutating func conclude(_ scan: Scan) {
    guard durableGroup >= next.group, let candidate = scan.resume.header else {
      if scan.resume.header != nil { outcome.report.isTailTorn = true }
      phase = .done
      return
    }
    if let readable = scan.readable { return adoptDamaged(readable) }
    outcome.report.isTailTorn = false
    outcome.report.eventsQuarantined += candidate.firstSequence - next.sequence
    if let from = voidFrom(before: candidate, scan.resume) {
      outcome.burns.append(
        BurnedRange(
          fromPosition: from, toPosition: candidate.position, toGroup: candidate.group))
    }
    anchors.append(next)
    next = candidate.start
    phase = .header
  }

  /// From where on what lies before the group that the log goes on at is no part of it: the readers, who look for
  /// themselves, must come to the same place, also when that group is bad then, or cut off with all behind it.
  private func voidFrom(before candidate: GroupHeader, _ resume: ResumePoint) -> UInt64? {
    let isBurn = candidate.flags.contains(.burn) && candidate.burnFrom > next.position
    // The same events, written again behind a jump that is lost: whoever reads must not take the first attempt.
    let isWhole = candidate.firstSequence == next.sequence
    return [isBurn ? candidate.burnFrom : nil, resume.voidFrom, isWhole ? next.position : nil]
      .compactMap { $0 }.min()
  }
}
