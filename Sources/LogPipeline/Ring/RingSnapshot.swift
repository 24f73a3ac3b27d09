/// What the ring looked like a moment ago; a copy, for status pages and answers.
package struct RingSnapshot: Sendable {
  /// Without `offered` and `inHand`, which intakes know. Live: counts what is settled but not yet behind the cursor.
  package var ledger = Ledger()
  /// Between the oldest unsettled event's group and the head.
  package var usedBytes: UInt64 = 0
  /// What new groups can take now; smaller than size - used while freed space is not durably free.
  package var freeBytes: UInt64 = 0
  package var sizeBytes: UInt64 = 0
  /// When the oldest waiting event's group was written, milliseconds since 1970.
  package var oldestWaitingMilliseconds: Int64?
  /// Index: intake. All its blocks up to this ticket are durable; 0: none.
  package var durableTickets: [UInt64] = []
  /// Why nothing is taken in any more, or nil. Delivery goes on.
  package var readOnlyReason: String?
  /// Blocks wait because the ring is full.
  package var isFull = false
  package var lastSync = Duration.zero
  package var longestSync = Duration.zero
  package var syncsFailed: UInt64 = 0
  /// Since the ring was opened.
  package var groupsWritten: UInt64 = 0
  /// Since the ring was opened: what the blocks measured before and after compression.
  package var rawBytesWritten: UInt64 = 0
  package var storedBytesWritten: UInt64 = 0
  /// Whose deflate makes the blocks smaller.
  package var compression = CompressionLibrary.zlib
  package var recovery = RecoveryReport()
  /// The primary first.
  package var consumers: [Consumer] = []
  /// Since the ring was opened: events copied to the head because they held others up, or to save space.
  package var eventsRelocated: UInt64 = 0
  package var eventsRepacked: UInt64 = 0
  /// Whether stuck events can be set aside now.
  package var isRelocationPossible = false

  /// How far one consumer is.
  package struct Consumer: Sendable {
    package let name: String
    package let ledger: Ledger
    /// Between its cursor and the head.
    package let behindBytes: UInt64
  }

  package init() {}

  /// Whether all of the intake's blocks up to `ticket` are durable.
  package func isDurable(intake: Int, ticket: UInt64) -> Bool {
    intake < durableTickets.count && durableTickets[intake] >= ticket
  }
}
