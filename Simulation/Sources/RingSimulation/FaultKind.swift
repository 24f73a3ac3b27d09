/// What a simulated disk can do to its ring.
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
  case diskAway, slowSync, slowWrite, earlyWriteback, warmCache
}
