/// Notices that a sender gives one id to different events: its `request_id`, or `event_id` where it has none.
///
/// Nothing depends on it but a count: `_id` is made from the event's bytes, so both events are documents. It
/// remembers the newest event of about a thousand ids and forgets by chance, so it may count less, never more.
struct SenderIds {
  private struct Known {
    var id: UInt64 = 0
    var content: UInt64 = 0
  }
  /// A power of two.
  private static let knownMax = 1024
  private var known = [Known](repeating: Known(), count: knownMax)

  /// Whether the id came with other content before. Equal frames are one event that was sent again.
  mutating func isReused(_ id: UnsafeRawBufferPointer, by content: EventId) -> Bool {
    let hash = unsafe NameBytes.hash(id, from: 0)
    let slot = Int(truncatingIfNeeded: hash) & (Self.knownMax - 1)
    let before = known[slot]
    known[slot] = Known(id: hash, content: content.high)
    return before.id == hash && before.content != content.high
  }
}
