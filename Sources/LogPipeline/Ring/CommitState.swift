/// Where commits stand: what a running fdatasync covers, when the next may begin, and what failures mean. Pure.
struct CommitState {
  /// Of the pending groups, how many were written before the running sync began; nil: none runs.
  private(set) var groupsInFlight: Int?
  /// The superblock that the running sync makes durable.
  private(set) var superblockInFlight: Superblock?
  private(set) var nextSyncAt: MonotonicTime
  private(set) var lastSuperblockAt: MonotonicTime
  private(set) var readOnlyReason: String?
  /// A commit failed: before anything else is written, its groups are written again.
  private(set) var isBurnWanted = false
  /// The burned range whose replacement is not durable yet.
  var burnInDoubt: BurnedRange?
  private var failuresInARow = 0
  private var writeFailure: SystemError?

  init(now: MonotonicTime) {
    nextSyncAt = now
    lastSuperblockAt = now
  }

  var isInFlight: Bool { groupsInFlight != nil }

  mutating func began(
    groups: Int, superblock: Superblock?, now: MonotonicTime, interval: Duration
  ) {
    groupsInFlight = groups
    superblockInFlight = superblock
    nextSyncAt = now + interval
    if superblock != nil { lastSuperblockAt = now }
  }

  mutating func succeeded() {
    groupsInFlight = nil
    superblockInFlight = nil
    // A write may have failed while the sync ran.
    if writeFailure == nil { failuresInARow = 0 }
  }

  mutating func writeFailed(_ error: SystemError) {
    if writeFailure == nil { writeFailure = error }
  }

  /// Takes a failed write once no sync runs.
  mutating func takeWriteFailure() -> SystemError? {
    defer { writeFailure = nil }
    return writeFailure
  }

  /// The first failure asks for a burn, the second in a row ends the intake.
  mutating func failed(_ error: SystemError) {
    groupsInFlight = nil
    superblockInFlight = nil
    failuresInARow += 1
    if failuresInARow >= 2 {
      becomeReadOnly("\(error), twice in a row")
    } else {
      isBurnWanted = true
    }
  }

  /// What failed to be written before is about to be written anew.
  mutating func beginBurn() {
    isBurnWanted = false
    writeFailure = nil
  }

  mutating func becomeReadOnly(_ reason: String) {
    isBurnWanted = false
    if readOnlyReason == nil { readOnlyReason = reason }
  }

  /// Nothing durable was lost by it: the other slot is whole, this one is written again later.
  mutating func superblockFailed(now: MonotonicTime, wait: Duration) {
    lastSuperblockAt = now
    nextSyncAt = now + wait
  }
}
