/// Which events may be refused again after a crash although their dead letter stands already.
package enum DeadLetterScope: Sendable {
  /// Any: replayed files, whose sequences count from 1 each time.
  case everything
  /// Those of a ring from its cursor on: what lies before it is settled for good.
  case ring(StreamId, from: UInt64)
}
