/// A group the ring has written, and what was acknowledged when it did: that much it can witness.
struct ModelGroup {
  let mark: GroupMark
  let acknowledgedEvents: Int
}
