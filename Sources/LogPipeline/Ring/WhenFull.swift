/// What a full ring does with new events.
package enum WhenFull: String, Sendable, CaseIterable {
  /// Inputs wait; nothing is lost.
  case block
  /// The oldest events make room, each counted as dropped.
  case dropOldest = "drop_oldest"
}
