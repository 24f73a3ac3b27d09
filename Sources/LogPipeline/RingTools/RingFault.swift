/// One thing that is wrong in a ring's file.
package struct RingFault: Equatable, Sendable {
  package let text: String
  /// In the file.
  package let offsetBytes: UInt64
  /// In the log; nil: not of the log.
  package var position: UInt64?
  package var group: UInt64?
  package var firstSequence: UInt64?
  /// From the first on: those that can not be read any more.
  package var eventCount: UInt64 = 0
  /// Of them, those that wait: what the agent would count as quarantined.
  package var eventsLost: UInt64 = 0

  package init(_ text: String, at offsetBytes: UInt64) {
    self.text = text
    self.offsetBytes = offsetBytes
  }

  /// "file offset 139,264 (log position 8,192), group 3".
  var place: String {
    var place = "file offset \(TextAmount.count(offsetBytes))"
    if let position { place += " (log position \(TextAmount.count(position)))" }
    if let group { place += ", group \(TextAmount.count(group))" }
    return place
  }

  /// What it costs, as a sentence.
  var cost: String {
    guard let firstSequence, eventCount > 0 else { return "No event is touched by it." }
    let events =
      eventCount == 1
      ? "Event \(TextAmount.count(firstSequence))"
      : "Events \(TextAmount.count(firstSequence)) to "
        + "\(TextAmount.count(firstSequence + eventCount - 1)) (\(TextAmount.count(eventCount)))"
    if eventsLost == 0 { return "\(events): all settled before, nothing is lost." }
    let rest = eventCount == eventsLost ? "" : " \(TextAmount.count(eventsLost)) of them"
    return "\(events):\(rest) would be quarantined."
  }

  package var json: JsonValue {
    func number(_ value: UInt64?) -> JsonValue {
      value.map { .integer(Int64(clamping: $0)) } ?? .null
    }
    return .object([
      ("fault", .string(text)), ("file_offset", number(offsetBytes)),
      ("log_position", number(position)), ("group", number(group)),
      ("first_sequence", number(firstSequence)), ("events", number(eventCount)),
      ("events_lost", number(eventsLost)),
    ])
  }
}
