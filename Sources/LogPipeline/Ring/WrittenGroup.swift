/// A group that was written and waits for its commit. Its bytes are kept: a failed commit writes them again.
struct WrittenGroup {
  var header: GroupHeader
  /// nil: a SKIP, which has nothing but its header.
  let buffer: GroupBuffer?
  let tickets: [IntakeTicket]
  /// Of copies: what they were copied from.
  var origins: [UInt64] = []
  /// When its first event came.
  let openedAt: MonotonicTime
  /// Its commit does not wait for another group's: somebody waits for it, or no other is to be expected.
  let isUrgent: Bool

  var lengthInMemory: Int { buffer?.count ?? 0 }
}
