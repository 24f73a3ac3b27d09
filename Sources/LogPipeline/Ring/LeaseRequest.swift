/// A sender's wish for blocks. Answered exactly once: with blocks, or with none.
struct LeaseRequest: Sendable {
  /// Which consumer's.
  let consumer: Int
  let rawBytesMax: Int
  let itemsMax: Int
  let reply = Mailbox<[LeasedBlock]>(capacity: 1)
}
