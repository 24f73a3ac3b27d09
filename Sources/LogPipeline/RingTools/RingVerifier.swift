/// Checks every checksum of a ring, from its tail to its end, and changes nothing. Memory is fixed.
///
/// An agent may run at the same time: what it frees and writes over while this reads is no fault, so before one is
/// believed the superblock is read again.
package struct RingVerifier {
  private let view: RingView
  private let onProgress: (_ doneBytes: UInt64, _ ofBytes: UInt64) -> Void
  private var result: RingVerification
  private var superblock: Superblock
  private var waiting: WaitingEvents

  /// Throws when it is no ring, or the disk can not be read at all.
  package static func verify(
    _ view: RingView, onProgress: @escaping (_ doneBytes: UInt64, _ ofBytes: UInt64) -> Void
  ) throws(RingToolError) -> RingVerification {
    let superblock = try view.superblock()
    var verifier = RingVerifier(
      view: view, onProgress: onProgress,
      result: RingVerification(path: view.path, sizeBytes: view.sizeBytes), superblock: superblock,
      waiting: WaitingEvents(superblock, end: superblock.hint))
    return try verifier.run()
  }

  private mutating func run() throws(RingToolError) -> RingVerification {
    result.isInUse = view.isInUse
    // The disk is asked, not the memory.
    view.disk.dropCache()
    checkSlots()
    // Anew: an agent's start may have come between.
    superblock = try view.superblock()
    let end =
      result.isInUse
      ? RingEnd.seen(superblock, of: view) : try RingEnd.judged(superblock, of: view)
    waiting = WaitingEvents(superblock, end: end.anchor)
    tell(end)
    result.from = superblock.tail.position
    result.to = end.anchor.position
    var walk = RingWalk(fromTailOf: superblock, burns: end.burns, of: view)
    while let faults = faults(&walk, to: end.anchor) {
      if !faults.isEmpty, try hasMovedOn(from: faults[0]) {
        let burns = end.burns + superblock.burns.filter { !end.burns.contains($0) }
        walk = RingWalk(fromTailOf: superblock, burns: burns, of: view)
        continue
      }
      faults.forEach { result.add($0) }
      onProgress(walk.next.position - min(walk.next.position, result.from), result.to - result.from)
    }
    return result
  }

  private mutating func checkSlots() {
    let rest = view.isRebuilt ? "the log was found again by its groups" : "the other one counts"
    for (index, slot) in view.slots().enumerated() {
      let name = ["A", "B"][index]
      let offset = RingLayout.superblockOffsets[index]
      func broken(_ text: String) -> RingFault {
        RingFault("superblock \(name): \(text)", at: offset)
      }
      switch slot {
      case .valid(let found):
        result.slots.append("\(name) whole (generation \(TextAmount.count(found.generation)))")
        if found.fileId != superblock.fileId {
          result.add(broken("it belongs to another file"))
        }
      case .otherVersion(let version):
        result.slots.append("\(name) of format \(version)")
        result.add(broken("it has format version \(version)"))
      case .foreign where superblock.openNumber == 0:
        result.slots.append("\(name) not written yet")
      case .foreign, .damaged:
        result.slots.append("\(name) damaged")
        result.add(broken("its checksum is wrong; \(rest)"))
      case .unreadable:
        result.slots.append("\(name) unreadable")
        result.add(broken("the disk can not read it; \(rest)"))
      }
    }
  }

  private mutating func tell(_ end: RingEnd) {
    guard let report = end.report else {
      result.ending = "In use by a running agent; what it writes right now is not judged."
      return
    }
    result.isTailTorn = report.isTailTorn
    if report.wasClosedCleanly {
      result.ending = "Closed in order: nothing lies behind the log's end."
    } else if report.isTailTorn {
      result.ending =
        "The last write was cut short (a torn tail): nothing in it was accepted, and the next start "
        + "takes it off."
    } else {
      result.ending =
        "Not closed in order; \(TextAmount.counted(report.groupsFound, "group")) behind the newest "
        + "superblock \(report.groupsFound == 1 ? "was" : "were") found, nothing is cut off."
    }
    if report.burnsFound > 0 {
      result.ending +=
        " \(TextAmount.counted(report.burnsFound, "failed commit")) had been repeated."
    }
  }

  /// Of the next group; nil at the end.
  private mutating func faults(_ walk: inout RingWalk, to end: RingAnchor) -> [RingFault]? {
    switch walk.step(to: end) {
    case .end: return nil
    case .skip, .burned: return []
    case .lost(let start, let next, let why):
      var fault = RingFault(why.text, at: walk.physical(start.position))
      (fault.position, fault.group) = (start.position, start.group)
      fault.firstSequence = start.sequence
      fault.eventCount = next.sequence > start.sequence ? next.sequence - start.sequence : 0
      fault.eventsLost = waiting.lost(from: start, to: next)
      return [fault]
    case .group(let header):
      result.groups += 1
      result.blocks += UInt64(header.blockCount)
      result.events += UInt64(header.eventCount)
      return faults(in: header)
    }
  }

  private func faults(in header: GroupHeader) -> [RingFault] {
    let check = GroupCheck(header, superblock, of: view)
    guard let tables = check.tables else {
      var fault = check.tablesFault
      fault.eventsLost = waiting.count(header.firstSequence..<header.end.sequence, origins: [])
      return [fault]
    }
    var faults: [RingFault] = []
    check.blocks(tables, inflates: true) { block in
      guard var fault = block.fault else { return }
      fault.eventsLost = waiting.count(block.sequences, origins: block.origins)
      faults.append(fault)
    }
    return faults
  }

  /// Whether an agent has freed the place meanwhile: then what lies there is nobody's business.
  private mutating func hasMovedOn(from fault: RingFault) throws(RingToolError) -> Bool {
    let now = try view.superblock()
    guard let position = fault.position, now.tail.position > position else { return false }
    superblock = now
    return true
  }
}
