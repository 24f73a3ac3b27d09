/// What the events of one intake were like, since it started. Plain counters: the intake publishes copies.
package struct EventCounters: Equatable, Sendable {
  package var accepted: UInt64 = 0
  package var refused: UInt64 = 0
  /// Parsed only after a lone surrogate or a number beyond 64 bits was replaced in a copy.
  package var repaired: UInt64 = 0
  /// Keys that came twice in one object; the last won.
  package var duplicateKeys: UInt64 = 0
  /// Known fields whose value could not be read as their type; they went to `extra`.
  package var unreadableFields: UInt64 = 0
  /// Events put in the arrival day's index because their own time lies too far away.
  package var timeClamped: UInt64 = 0
  /// Events without a time of their own.
  package var arrivalTimed: UInt64 = 0
  /// Strings replaced whole by `[REDACTED]`, or left out as content.
  package var redactedStrings: UInt64 = 0
  /// Replacements within kept free text.
  package var scrubbedMatches: UInt64 = 0
  /// Documents over the event limit that lost `extra` and free text.
  package var oversized: UInt64 = 0
  /// Frames that equal one before them in their unit's window.
  package var repeatedFrames: UInt64 = 0
  /// Events whose sender's id another event with other content had lately; each is a document of its own.
  package var reusedIds: UInt64 = 0
  package var priced: UInt64 = 0
  package var unpriced: UInt64 = 0
  package var noUsage: UInt64 = 0
  package var cacheHits: UInt64 = 0
  package var reportedCosts: UInt64 = 0

  package init() {}
}

extension EventCounters {
  /// Of two threads together.
  package func adding(_ other: EventCounters) -> EventCounters {
    var sum = self
    for count in Self.all { sum[keyPath: count] &+= other[keyPath: count] }
    return sum
  }

  /// What came after an earlier copy.
  func since(_ earlier: EventCounters) -> EventCounters {
    var difference = self
    for count in Self.all { difference[keyPath: count] &-= earlier[keyPath: count] }
    return difference
  }

  private static var all: [WritableKeyPath<EventCounters, UInt64>] {
    [
      \.accepted, \.refused, \.repaired, \.duplicateKeys, \.unreadableFields, \.timeClamped,
      \.arrivalTimed, \.redactedStrings, \.scrubbedMatches, \.oversized, \.repeatedFrames,
      \.reusedIds, \.priced, \.unpriced, \.noUsage, \.cacheHits, \.reportedCosts,
    ]
  }
}
