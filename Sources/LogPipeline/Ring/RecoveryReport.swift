/// What opening an existing ring found. All zero for a new one and after a clean stop.
package struct RecoveryReport: Equatable, Sendable {
  /// Whole groups behind the last superblock's hint, taken over.
  package var groupsFound: UInt64 = 0
  package var eventsFound: UInt64 = 0
  /// A group that was being written when the power went: nothing in it was accepted.
  package var isTailTorn = false
  /// Accepted events in groups that a later group proves were durable, and that are not readable any more.
  package var eventsQuarantined: UInt64 = 0
  /// Groups whose commit had failed and that were written again further on.
  package var burnsFound: UInt64 = 0
  /// A consumer was so many sequences ahead of what the ring still had.
  package var sequencesJumped: UInt64 = 0
  /// One of the two superblocks was torn or damaged; the other was used.
  package var isSuperblockRepaired = false
  /// The ring was closed in order.
  package var wasClosedCleanly = false

  package init() {}
}
