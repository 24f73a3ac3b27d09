/// A group the ring has written, and the last sequence that was durable when it did: that much it can witness.
struct ModelGroup {
  let mark: GroupMark
  let durableSequence: UInt64
}
