/// Where senders and the archive lease events from: the ring, or replay's window in memory.
///
/// Safe to call from any thread. One lease is held by one thread, which settles its items in any order and amount.
package protocol BlockSource: AnyObject, Sendable {
  /// The oldest blocks that nobody holds, in order, or nil when there are none by `deadline` or the source has ended.
  ///
  /// Always at least one block if any waits; more only while both limits hold.
  func lease(rawBytesMax: Int, itemsMax: Int, until deadline: MonotonicTime) -> InFlightBatch?

  /// Takes what has been settled. Partial is fine: call it again for the rest, or `release` it.
  func settle(_ settlement: Settlement)

  /// Gives blocks back that are not wholly settled: they are leased again, their unsettled items only.
  func release(_ blocks: [UInt64])

  /// Asks to set items of a leased block aside, because they hold others up: they come again later, further back, with
  /// the same id and bytes, after a while, or once they are called for. `isParked`: nothing of their index passes, so the
  /// while is long. Call `release` for the block afterwards; what could not be set aside is leased again.
  func relocate(_ block: UInt64, items: [Int], isParked: Bool)

  /// What was set aside is to come again now.
  func recall()

  /// Whether `relocate` is of any use now.
  var canRelocate: Bool { get }

  /// True once nothing more will ever come: `lease` then answers nil at once.
  var hasEnded: Bool { get }

  /// Accepted events that have not come to their end; nil: not known.
  var waitingCount: UInt64? { get }
}

extension BlockSource {
  /// A source that can not move anything leaves it where it is.
  package func relocate(_ block: UInt64, items: [Int], isParked: Bool) {}
  package func recall() {}
  package var canRelocate: Bool { false }
  package var waitingCount: UInt64? { nil }
}
