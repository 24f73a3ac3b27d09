/// What a simulated disk can do to its ring, and what else a history can bring that is rare.
package enum FaultKind: Int, CaseIterable, Sendable {
  case powerCut, kill, crashMidStep, crashInRecovery
  /// Unsynced sectors that a power cut took, and those it let through.
  case sectorLost, sectorKept
  /// A page of which a power cut kept only a part.
  case tornPage
  case syncFailedStaysDirty, syncFailedMarkedClean, syncFailedReverted, syncOutOfSpace
  /// fdatasync said yes: part of it is gone for good; part of it waits in the drive's own memory.
  case syncLiedDropped, syncLiedVolatile
  case misdirectedWrite, bitRot, unreadableSector
  /// Bits flip in both superblocks, and the process ends.
  case superblocksWrecked
  case writeError, writeOutOfSpace, shortWrite
  case diskAway, diskAwayInRead, diskAwayInWrite, slowSync, slowWrite, earlyWriteback, warmCache
  /// What openings came to: an older superblock than the disk had promised, none at all, a torn tail, damage behind the
  /// hint, a failed commit that was written again.
  case superblockFellBack, superblocksLost, openingTorn, openingDamaged, openingBurned
  /// The ring's doing: groups that begin what a failed commit left in doubt.
  case burnedGroup
  /// The ring's doing: groups of copies, by why they were made, and openings after which such are void.
  case relocatedGroup, repackedGroup, openingAfterCopies
  case droppedEvents, pretendedDamage, readOnly, sequenceJump, consumerAdded, consumerRemoved
}
