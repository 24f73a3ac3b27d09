/// What the comparison of a day came to.
package struct DayCheckReport: Equatable, Sendable {
  /// So many ids are named on the screen.
  package static let namedMax = 20

  package let day: Int32
  package let index: String
  /// Different events that this agent has recorded as delivered.
  package let recorded: UInt64
  package internal(set) var inIndex: UInt64 = 0
  /// Fingerprints of events that are recorded and not in the index.
  package internal(set) var missing: [UInt64] = []
  /// Documents with ids of ours that this agent has not recorded.
  package internal(set) var others: UInt64 = 0
  /// Documents whose ids are none of ours.
  package internal(set) var foreign: UInt64 = 0
  /// Why the index was not refreshed before it was read.
  package internal(set) var notRefreshed: String?

  init(day: Int32, index: String, recorded: UInt64) {
    (self.day, self.index, self.recorded) = (day, index, recorded)
  }

  /// All that was delivered is there.
  package var isComplete: Bool { missing.isEmpty }
  /// And nothing else is.
  package var isEqual: Bool { isComplete && others == 0 && foreign == 0 }

  /// A line for each missing event, for a file.
  package var missingLines: [UInt8] {
    missing.flatMap { Array("\(EventIdText.start(of: $0))\n".utf8) }
  }

  package var text: String {
    let there = recorded - UInt64(missing.count)
    var text = TextLayout.wrapped(
      isComplete
        ? "\(index) holds every event that this agent delivered into it: \(TextAmount.count(there))."
        : "\(index) lacks \(TextAmount.count(UInt64(missing.count))) of the "
          + "\(TextAmount.counted(recorded, "event")) that this agent delivered into it.")
    if !missing.isEmpty {
      text += "Their _ids begin with:\n"
      for fingerprint in missing.prefix(Self.namedMax) {
        text += "  \(EventIdText.start(of: fingerprint))\n"
      }
      let more = missing.count - min(missing.count, Self.namedMax)
      if more > 0 {
        text += "  and \(TextAmount.count(UInt64(more))) more; --output FILE has all\n"
      }
      text += TextLayout.wrapped(
        "They were in the index once and have been deleted since, or the index was replaced or "
          + "restored. Replay of their source or archive file stores what is missing and nothing twice."
      )
    }
    if others + foreign > 0 {
      text += TextLayout.wrapped(
        "Beside them it holds \(TextAmount.counted(others + foreign, "document")) that this agent "
          + "has not delivered: another agent's, or from before its record"
          + (foreign == 0 ? "." : "; \(TextAmount.count(foreign)) have ids of another kind."))
    }
    if let notRefreshed {
      text += TextLayout.wrapped(
        "The index could not be refreshed (\(notRefreshed)): what was delivered in the last "
          + "seconds may show as missing. Run it again, or grant maintenance on the index.")
    }
    return text
  }

  package var json: JsonValue {
    .object([
      ("index", .string(index)), ("complete", .bool(isComplete)), ("equal", .bool(isEqual)),
      ("delivered", .integer(Int64(recorded))), ("in_index", .integer(Int64(inIndex))),
      ("missing", .integer(Int64(missing.count))), ("others", .integer(Int64(others))),
      ("foreign", .integer(Int64(foreign))),
      (
        "missing_ids",
        .array(missing.prefix(Self.namedMax).map { .string(EventIdText.start(of: $0)) })
      ), ("refreshed", .bool(notRefreshed == nil)),
    ])
  }
}
