/// A group that was written and waits for its commit. Its bytes are kept: a failed commit writes them again.
struct WrittenGroup {
  var header: GroupHeader
  /// nil: a SKIP, which has nothing but its header.
  let buffer: GroupBuffer?
  let tickets: [IntakeTicket]
  /// Of copies: what they were copied from.
  var origins: [UInt64] = []

  var lengthInMemory: Int { buffer?.count ?? 0 }
}
