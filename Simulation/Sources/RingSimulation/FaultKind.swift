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
  case writeError, writeOutOfSpace, shortWrite
  case diskAway, diskAwayInRead, diskAwayInWrite, slowSync, slowWrite, earlyWriteback, warmCache
  /// The ring's doing: groups of copies, by why they were made, and openings after which such are void.
  case relocatedGroup, repackedGroup, openingAfterCopies
  case droppedEvents, pretendedDamage, readOnly, sequenceJump, consumerAdded, consumerRemoved
}
