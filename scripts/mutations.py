"""What `scripts/mutants` breaks in the ring, one thing at a time, and what has to notice.

Each mutation: a name; what was broken, in words; the rows of the table in docs/durability.md that it attacks; what must go red
("simulate", or words of a test's name); and edits (file in Sources/LogPipeline/Ring, old text, new text). The old text
must stand in its file exactly once. docs/durability.md lists the same names and words; a test compares the two.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutation:
    name: str
    broken: str
    points: tuple[int, ...]
    proof: str
    edits: tuple[tuple[str, str, str], ...]


def mutation(name, broken, points, proof, *edits):
    return Mutation(name, broken, points, proof, edits)


SIMULATE = "simulate"

MUTATIONS = [
    # Commits.
    mutation(
        "acknowledges-without-sync",
        "the commit thread answers without calling fdatasync",
        (7, 16),
        "a ring whose file is removed acknowledges nothing more",
        (
            "Committer.swift",
            """      var failure: SystemError?
      do throws(SystemError) { try disk.syncData() } catch { failure = error }
""",
            """      let failure: SystemError? = nil
""",
        ),
    ),
    mutation(
        "accepts-before-sync",
        "events count as accepted when their group is written",
        (1, 15),
        SIMULATE,
        (
            "RingWriter.swift",
            "    counters.storedBytesWritten += UInt64(group.storedBytes)\n",
            """    counters.storedBytesWritten += UInt64(group.storedBytes)
    accepted += UInt64(group.eventCount)
""",
        ),
        (
            "RingWriter+Commit.swift",
            "        accepted += UInt64(group.header.eventCount)\n",
            "        accepted += 0\n",
        ),
    ),
    mutation(
        "acknowledges-later-writes",
        "a sync also acknowledges groups that were written while it ran",
        (1,),
        "a group written while a sync runs is not made durable by it",
        (
            "RingWriter+Commit.swift",
            "pending.prefix(sync.groupsInFlight ?? 0)",
            "pending.prefix(pending.count)",
        ),
    ),
    mutation(
        "acknowledges-failed-commit",
        "a failed sync counts as a good one",
        (7, 8, 9),
        "a failed commit is written again further on and then acknowledged",
        (
            "RingWriter+Commit.swift",
            """    if let error {
      fail(error)
      return []
    }
""",
            """    if error != nil { counters.syncsFailed += 1 }
""",
        ),
    ),
    mutation(
        "skips-the-burn",
        "after a failed sync the next one is believed, nothing is written again",
        (7, 9),
        SIMULATE,
        ("CommitState.swift", "      isBurnWanted = true\n", "      isBurnWanted = false\n"),
    ),
    mutation(
        "burns-without-flag",
        "what is written again does not say what it replaces",
        (7, 9),
        "a failed commit is written again further on and then acknowledged",
        (
            "RingWriter.swift",
            "    var flags: GroupHeader.Flags = [.burn]\n",
            "    var flags: GroupHeader.Flags = []\n",
        ),
    ),
    mutation(
        "hides-the-burn-from-readers",
        "readers are not told of a burned range",
        (7, 9),
        SIMULATE,
        (
            "RingWriter+Commit.swift",
            "      burns.append(burn)\n",
            "      _ = burn\n",
        ),
    ),
    mutation(
        "second-failure-goes-on",
        "two failed commits in a row do not end the intake",
        (8,),
        "after a second failure in a row nothing is taken in",
        ("CommitState.swift", "failuresInARow >= 2", "failuresInARow >= 1_000"),
    ),
    mutation(
        "ignores-failed-writes",
        "a write that failed is not remembered",
        (9,),
        SIMULATE,
        (
            "RingWriter.swift",
            """      counters.groupsWritten += 1
    } catch {
      sync.writeFailed(error)
""",
            """      counters.groupsWritten += 1
    } catch {
      counters.syncsFailed += 1
""",
        ),
    ),
    mutation(
        "reuses-buffers-early",
        "a group's buffer is filled again before its commit",
        (7,),
        SIMULATE,
        (
            "RingWriter.swift",
            "    write(group, flags: .data, wallMilliseconds: UInt64(clamping: wallMilliseconds))\n",
            """    write(group, flags: .data, wallMilliseconds: UInt64(clamping: wallMilliseconds))
    giveBack(group.buffer)
""",
        ),
    ),
    mutation(
        "leases-what-is-not-durable",
        "consumers read up to the head",
        (1, 15),
        "a group written while a sync runs is not made durable by it",
        ("RingWriter+Delivery.swift", "ahead.step(to: durable,", "ahead.step(to: head,"),
    ),
    # Superblocks and space.
    mutation(
        "one-superblock-slot",
        "each superblock goes to the same slot",
        (10,),
        SIMULATE,
        ("RingWriter+Commit.swift", "      nextSlot = 1 - nextSlot\n", "      nextSlot += 0\n"),
    ),
    mutation(
        "changes-slot-after-failure",
        "after a failed sync the next superblock goes over the good one",
        (10,),
        SIMULATE,
        (
            "RingWriter+Commit.swift",
            "      fail(error)\n      return []\n",
            "      fail(error)\n      nextSlot = 1 - nextSlot\n      return []\n",
        ),
    ),
    mutation(
        "believes-torn-superblocks",
        "a superblock's checksum is not looked at",
        (10,),
        "either superblock torn at any sector leaves the other",
        (
            "Superblock.swift",
            "    guard bytes.load(UInt32.self, at: 0) == Crc32c.of(bytes[4...]) else { return .damaged }\n",
            "",
        ),
    ),
    mutation(
        "takes-the-older-slot",
        "of two good slots the lower generation counts",
        (2, 10),
        SIMULATE,
        (
            "RingOpening.swift",
            "known.1.generation >= found.generation",
            "known.1.generation <= found.generation",
        ),
    ),
    mutation(
        "hint-ahead-of-durable",
        "the superblock's hint names the head",
        (1, 2),
        SIMULATE,
        ("RingWriter+Commit.swift", "    next.hint = durable\n", "    next.hint = head\n"),
    ),
    mutation(
        "frees-space-early",
        "space is written over before the superblock that frees it is durable",
        (11,),
        "space is not written over before the superblock that frees it is on disk",
        (
            "RingWriter+Commit.swift",
            """      try disk.write(next.encoded(), at: RingLayout.superblockOffsets[nextSlot])
""",
            """      try disk.write(next.encoded(), at: RingLayout.superblockOffsets[nextSlot])
      space.release(upTo: next.tail.position)
""",
        ),
    ),
    mutation(
        "tail-of-the-fastest",
        "the fastest consumer frees the space, not the slowest",
        (11, 15),
        "each consumer has its own cursor, and the slowest holds the space",
        (
            "RingWriter+Commit.swift",
            "if anchor.position < slowest.position",
            "if anchor.position > slowest.position",
        ),
    ),
    mutation(
        "spans-the-end",
        "no SKIP: a group may reach over the end of the file",
        (12,),
        SIMULATE,
        (
            "RingSpace.swift",
            "    return left < UInt64(lengthBytes) ? left : 0\n",
            "    return left < 1 ? UInt64(lengthBytes) : 0\n",
        ),
    ),
    mutation(
        "copies-take-the-burn-reserve",
        "copies may use the room that a failed commit needs",
        (7, 13),
        "copies leave the room that a failed commit needs",
        (
            "RingSpace.swift",
            "      case .relocation: burnReserveBytes\n",
            "      case .relocation: 0 as UInt64\n",
        ),
    ),
    mutation(
        "new-events-take-the-reserve",
        "new events may use the room of copies",
        (13,),
        "copies leave the room that a failed commit needs",
        (
            "RingSpace.swift",
            "      case .newEvents: reserveBytes\n",
            "      case .newEvents: burnReserveBytes\n",
        ),
    ),
    # Opening.
    mutation(
        "ignores-the-witness",
        "recovery calls damage a torn tail, although a later header says that it was durable",
        (4,),
        "a group that vanished before one that witnesses it is damage",
        (
            "RingRecovery.swift",
            "    guard durableGroup >= next.group, let candidate = scan.resume.header else {\n",
            "    guard durableGroup >= next.group &+ (1 << 40), let candidate = scan.resume.header else {\n",
        ),
    ),
    mutation(
        "recovery-ignores-the-chain",
        "recovery takes a group over that does not name the one before it",
        (3,),
        SIMULATE,
        (
            "RingRecovery.swift",
            "next.chain == nil || header.previousChain == next.chain {",
            "next.chain == nil || header.previousChain != 1 {",
        ),
    ),
    mutation(
        "recovery-ignores-openings",
        "recovery takes groups of an earlier life over",
        (3,),
        "what an opening has cut off stays off",
        (
            "RingRecovery.swift",
            "header.position == next.position, header.openNumber == openNumber else {",
            "header.position == next.position, header.openNumber <= openNumber else {",
        ),
    ),
    mutation(
        "recovery-ignores-blocks",
        "recovery does not look at the checksums of blocks",
        (1, 6),
        "a last group that is torn is cut",
        (
            "RingRecovery.swift",
            "      guard let bytes, Crc32c.of(bytes) == rows[index].storedCrc else {\n",
            "      guard bytes != nil else {\n",
        ),
    ),
    mutation(
        "recovery-ignores-burns",
        "recovery does not go on at the replacement of a failed commit",
        (7,),
        SIMULATE,
        (
            "RingRecovery.swift",
            "    guard header.flags.contains(.burn), header.group >= next.group else { return false }\n",
            "    guard header.flags.contains(.burn), header.group >= 1 << 40 else { return false }\n",
        ),
    ),
    mutation(
        "forgets-first-attempts-behind-damage",
        "recovery goes on behind damage without telling readers of the first attempts that it passed over",
        (4, 7),
        "what an opening cuts off behind damage is not delivered",
        (
            "ResumePoint.swift",
            "    if voidFrom == nil { voidFrom = known.position }\n",
            "",
        ),
    ),
    mutation(
        "does-not-rewrite",
        "groups that were taken over are not written again",
        (2, 7),
        "what an opening takes over is on the disk afterwards",
        (
            "RingOpening.swift",
            "    var position = outcome.rewriteFrom\n",
            "    var position = outcome.end.position\n",
        ),
    ),
    mutation(
        "keeps-the-sequence",
        "the next sequence is not raised over what a consumer has seen",
        (15,),
        "a consumer that is ahead of the ring makes the numbering jump",
        (
            "RingOpening.swift",
            "    outcome.end.sequence = known + 1\n",
            "    outcome.end.sequence += 0\n",
        ),
    ),
    mutation(
        "counts-damage-one-off",
        "a lost group counts one event more",
        (4, 15),
        "a group that vanished before one that witnesses it is damage",
        (
            "RingRecovery.swift",
            "candidate.firstSequence - next.sequence\n",
            "candidate.firstSequence - next.sequence + 1\n",
        ),
    ),
    mutation(
        "rebuilds-without-burns",
        "superblocks that are made anew do not know burned ranges",
        (10,),
        "without superblocks a burned range and void copies are still known",
        (
            "SuperblockRebuild.swift",
            "    next.burns = log.burns\n",
            "    next.burns = []\n",
        ),
    ),
    mutation(
        "rebuilds-from-the-highest-number",
        "superblocks are made anew from the group of the highest number, whoever wrote it",
        (3, 10),
        "an earlier life's groups behind the end are not taken for the newest",
        (
            "SuperblockRebuild.swift",
            "($0.openNumber, $0.group) < (header.openNumber, header.group)",
            "$0.group < header.group",
        ),
    ),
    mutation(
        "rebuilds-with-first-attempts",
        "superblocks are made anew with groups whose events were written again",
        (7, 10),
        "what was written again is read where it is whole",
        (
            "RebuiltLog.swift",
            "header.flags.contains(.burn) || header.firstSequence < nextSequence { take",
            "header.flags.contains(.burn) { take",
        ),
    ),
    mutation(
        "rebuilds-without-openings",
        "superblocks that are made anew do not know where lives began",
        (4, 10),
        "what a lying disk lost is counted, although an earlier life's group shows in its place",
        (
            "SuperblockRebuild.swift",
            "    next.openings = log.openings\n",
            "    next.openings = []\n",
        ),
    ),
    mutation(
        "rebuilds-with-ranges-behind-the-end",
        "superblocks that are made anew have burned ranges of what the opening then cuts off",
        (7, 10),
        "what is cut off behind two failed commits leaves no range to jump over",
        (
            "RebuiltLog.swift",
            "      $0.fromPosition < hint?.position ?? 0 && $0.toPosition > tail?.position ?? 0\n",
            "      $0.toPosition > tail?.position ?? 0\n",
        ),
    ),
    mutation(
        "rebuilds-from-a-leftover",
        "superblocks that are made anew keep the tail at a group that turns out to be an earlier life's",
        (3, 10),
        "the log does not begin at what an earlier life wrote",
        (
            "RebuiltLog.swift",
            "    if let known = tail, known.position >= position { tail = nil }\n",
            "",
        ),
    ),
    mutation(
        "rebuilds-with-what-a-failed-commit-replaced",
        "superblocks that are made anew keep an earlier life's groups before a life whose first commit failed",
        (3, 7, 10),
        "a life whose first commit failed begins over what has its sequences",
        (
            "RebuiltLog.swift",
            "            && (isBurn || $0.firstSequence < header.firstSequence)\n",
            "            && $0.firstSequence < header.firstSequence\n",
        ),
    ),
    mutation(
        "rebuilds-without-replaced-attempts",
        "superblocks that are made anew forget first attempts although a later life wrote over their second",
        (7, 10),
        "first attempts at the start of the log count",
        (
            "RebuiltLog.swift",
            "    undo(from: position) { $0.toPosition >= position }\n",
            "    undo(from: position) { $0.toPosition > position }\n",
        ),
    ),
    mutation(
        "passes-one-burned-range-behind-damage",
        "readers that look for a place to go on behind damage pass over one burned range, not over several in a row",
        (4, 7),
        "burned ranges in a row are passed over behind damage",
        (
            "LogReader.swift",
            "      while let burn = burns.holding(position) {\n        position = burn.toPosition\n",
            "      if let burn = burns.holding(position) {\n        position = burn.toPosition\n",
        ),
    ),
    mutation(
        "knows-burned-ranges-by-their-start",
        "readers that begin in the midst of a burned range read what lies there",
        (4, 7),
        "histories that failed once do not fail again",
        (
            "BurnedRange.swift",
            "    first { $0.fromPosition <= position && position < $0.toPosition }\n",
            "    first { $0.fromPosition == position }\n",
        ),
    ),
    mutation(
        "takes-a-moved-cursor-along",
        "a cursor whose place was written over counts as one that has had everything",
        (10, 15),
        "events whose place was freed by a lost superblock are counted",
        (
            "RingOpening.swift",
            "      && next.consumers[index].flags & ConsumerRecord.flagDisplaced == 0\n",
            "",
        ),
    ),
    mutation(
        "quarantine-forgets-items",
        "of a damaged block with an item on its way to a copy, it is not kept which items are lost",
        (13, 15),
        "a block that is given up while one of its items moves is lost once",
        (
            "TrackedBlock.swift",
            "    for index in 0..<(moving > 0 ? Int(itemCount) : 0) where isOpen(index) {\n",
            "    for index in 0..<0 where isOpen(index) {\n",
        ),
    ),
    mutation(
        "takes-no-lock",
        "the ring is opened without its lock",
        (16,),
        "a second opener is refused while the first lives",
        (
            "RingFile.swift",
            "      guard try file.tryLock() else { return nil }\n      found = try file.status()\n",
            "      found = try file.status()\n",
        ),
    ),
    mutation(
        "does-not-watch-the-path",
        "a sync succeeds although the path names another file",
        (16,),
        "a file put in the ring's place while it runs is never written to",
        ("FileDisk.swift", "    guard isAtPath() else {\n", "    guard isAtPath() || inode > 0 else {\n"),
    ),
    # Reading.
    mutation(
        "reader-ignores-the-place",
        "a reader takes a group that says it lies elsewhere",
        (5,),
        "a group in another's place is refused in both",
        (
            "LogReader.swift",
            "      header.position == position, header.end.position <= end.position,\n",
            "      header.position > 0, header.end.position <= end.position,\n",
        ),
        ("LogReader.swift", "      header.group == next.group, isChained(header)\n", "      header.group > 0\n"),
    ),
    mutation(
        "reader-ignores-openings",
        "a reader takes what an earlier life wrote and never committed",
        (3, 4),
        "a whole group of an earlier life is not taken for the one",
        (
            "LogReader.swift",
            "      LogOpening.allow(header.openNumber, at: position, by: openings)\n",
            "      !openings.isEmpty\n",
        ),
    ),
    mutation(
        "delivers-damaged-blocks",
        "a block is delivered whatever its checksum says",
        (6,),
        "a bit flip in a block costs that block alone",
        ("LeasedBlockReader.swift", "      Crc32c.of(stored) == row.storedCrc,\n", ""),
    ),
    mutation(
        "second-consumer-reads-copies",
        "a consumer that had the originals is given their copies too",
        (13, 15),
        "others than the primary have the originals, and pass copies over",
        ("RingConsumer.swift", "readsCopies: isPrimary,", "readsCopies: true,"),
    ),
    # Who has been delivered what.
    mutation(
        "cursor-passes-unsettled",
        "the cursor passes a block of which one event is settled",
        (13,),
        SIMULATE,
        (
            "DeliveryTracker.swift",
            "    while first < entries.count, entries[first].isSettled {\n",
            "    while first < entries.count, entries[first].settled > 0 {\n",
        ),
    ),
    mutation(
        "counts-ahead-of-the-cursor",
        "the superblock counts what is settled in front of the cursor",
        (13, 15),
        SIMULATE,
        (
            "RingWriter+Commit.swift",
            "    next.consumers = records\n",
            "    next.consumers = consumers.map(\\.tracker.counts)\n",
        ),
    ),
    mutation(
        "settles-twice",
        "an item that is answered twice counts twice",
        (13, 15),
        "settling an item twice counts it once",
        (
            "TrackedBlock.swift",
            "      guard !has(settledBits, item.index), !has(movingBits, item.index) else { continue }\n",
            "      guard !has(movingBits, item.index) else { continue }\n",
        ),
    ),
    mutation(
        "window-without-bounds",
        "the window of a consumer may hold the whole ring",
        (13,),
        "the window is bounded, and moves on",
        (
            "DeliveryTracker.swift",
            "    blocksInWindow >= RingLayout.windowBlocksMax || itemsInWindow",
            "    blocksInWindow >= 1_000_000_000 || itemsInWindow",
        ),
    ),
    mutation(
        "quarantine-one-off",
        "a damaged block counts one event more",
        (4, 6, 15),
        "a bit flip in a block costs that block alone",
        (
            "DeliveryTracker.swift",
            "    window.quarantined += lost\n",
            "    window.quarantined += lost + 1\n",
        ),
    ),
    # Copies.
    mutation(
        "counts-void-copies",
        "copies count although their originals are delivered again",
        (13, 15),
        "a copy whose original is delivered again after a crash counts for nothing",
        (
            "VoidedCopies.swift",
            "    return origin >= first.cursorSequence\n",
            "    return origin >= first.headSequence\n",
        ),
    ),
    mutation(
        "forgets-void-copies",
        "an opening does not note the copies that it makes void",
        (13, 15),
        "a copy whose original is delivered again after a crash counts for nothing",
        (
            "RingOpening.swift",
            "jumped > next.relocatedAtOpen, cursor < next.hint.sequence {",
            "jumped > next.relocatedAtOpen, cursor > next.hint.sequence {",
        ),
    ),
    mutation(
        "accepts-copies",
        "copies count as newly accepted events",
        (13, 15),
        "a stuck item moves on with its bytes",
        (
            "RingWriter+Commit.swift",
            "        consumers[0].tracker.finishMoves(group.origins)\n",
            """        consumers[0].tracker.finishMoves(group.origins)
        accepted += UInt64(group.header.eventCount)
""",
        ),
    ),
    mutation(
        "passes-on-before-durable",
        "an original counts as passed on before its copy is durable",
        (13,),
        "no superblock passes an original whose copy may still be lost",
        (
            "RingWriter+Moves.swift",
            "    write(group, flags: flags, wallMilliseconds: written)\n",
            """    write(group, flags: flags, wallMilliseconds: written)
    consumers[0].tracker.finishMoves(group.origins)
""",
        ),
    ),
    mutation(
        "copies-without-limit",
        "stuck events may fill more than a quarter of the ring with copies",
        (13,),
        "stuck events take at most a quarter of the ring",
        ("RingWriter+Moves.swift", "< superblock.dataSize / 4", "< superblock.dataSize * 4"),
    ),
    # drop_oldest.
    mutation(
        "drops-what-was-settled",
        "drop_oldest counts whole blocks, also what was settled of them",
        (14, 15),
        "drop_oldest counts what was open",
        (
            "DeliveryTracker.swift",
            """      let lost = entries[index].itemCount - entries[index].settled
      entries[index].dropped""",
            """      let lost = entries[index].itemCount
      entries[index].dropped""",
        ),
    ),
    mutation(
        "drop-spares-leased-blocks",
        "drop_oldest leaves blocks that are on their way",
        (14,),
        "drop_oldest counts what was open",
        (
            "DeliveryTracker.swift",
            "    for index in reach.indices where !entries[index].isSettled {\n",
            "    for index in reach.indices where !entries[index].isSettled && entries[index].leasedAt == nil {\n",
        ),
    ),
]
