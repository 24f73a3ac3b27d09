/// How a ring stands: what waits in it, since when and for whom.
package struct RingStatus: Equatable, Sendable {
  package struct Consumer: Equatable, Sendable {
    package var record: ConsumerRecord
    /// Accepted events that it has not settled, by its counters.
    package var waiting: UInt64
    /// The same, found by reading the log.
    package var found: UInt64 = 0
    package var oldestMilliseconds: UInt64?
  }

  package let path: String
  package let sizeBytes: UInt64
  package var isInUse = false
  package var wasClosedCleanly = false
  /// The last write was cut short; nothing in it was accepted.
  package var isTailTorn = false
  package var openings: UInt32 = 0
  package var usedBytes: UInt64 = 0
  /// Held back for the writing again of what a failed commit left in doubt.
  package var reserveBytes: UInt64 = 0
  package var freeBytes: UInt64 = 0
  package var accepted: UInt64 = 0
  package var refused: UInt64 = 0
  /// The first delivers; the ledger is its.
  package var consumers: [Consumer] = []
  /// Groups that hold something that waits.
  package var groups: UInt64 = 0
  package var rawBytes: UInt64 = 0
  package var storedBytes: UInt64 = 0
  /// Events that can not be read any more, not counted as quarantined yet.
  package var unreadable: UInt64 = 0
  /// Written in the last minute and still there.
  package var recentBytes: UInt64 = 0
  package var recentFromMilliseconds: UInt64?
  /// When this was looked up, wall clock.
  package let nowMilliseconds: UInt64

  init(path: String, sizeBytes: UInt64, nowMilliseconds: UInt64) {
    (self.path, self.sizeBytes, self.nowMilliseconds) = (path, sizeBytes, nowMilliseconds)
  }

  /// What the first consumer's counters and the log say is the same.
  package var isBalanced: Bool {
    guard let first = consumers.first else { return false }
    // How many of lost copies counted is not known any more.
    if unreadable > 0 { return first.found <= first.waiting }
    return first.waiting == first.found
  }

  /// Bytes a second that came and stayed, in the last minute.
  package var bytesPerSecond: UInt64 {
    guard let from = recentFromMilliseconds, recentBytes > 0 else { return 0 }
    let span = max(1000, nowMilliseconds - min(nowMilliseconds, from))
    return recentBytes * 1000 / span
  }

  /// Until it is full at that rate; nil: nothing came.
  package var secondsLeft: UInt64? {
    let rate = bytesPerSecond
    return rate > 0 ? freeBytes / rate : nil
  }
}
