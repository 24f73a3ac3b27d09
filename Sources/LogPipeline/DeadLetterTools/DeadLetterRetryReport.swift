/// What came of sending dead letters again.
package struct DeadLetterRetryReport: Equatable, Sendable {
  /// Up to so many are told one by one.
  package static let toldMax = 20

  package struct Told: Equatable, Sendable {
    package let id: String
    package let outcome: ResendOutcome
  }
  /// Letters that are open and fit what was asked for.
  package var chosen: UInt64 = 0
  package private(set) var counts: [String: UInt64] = [:]
  /// The first of them.
  package private(set) var told: [Told] = []
  /// Why some stay open, by the common form of the reason.
  package private(set) var reasons: [String: UInt64] = [:]
  /// Why the rest was not tried.
  package private(set) var givenUpBecause: String?
  /// Why the agent could not note which ones are done with.
  package var notNoted: String?

  package init() {}

  var isGivenUp: Bool { givenUpBecause != nil }
  var isAnyAnswered: Bool { !counts.isEmpty }

  mutating func note(_ id: String, _ outcome: ResendOutcome) {
    counts[outcome.name, default: 0] += 1
    if told.count < Self.toldMax { told.append(Told(id: id, outcome: outcome)) }
    switch outcome {
    case .delivered, .duplicate: break
    case .refused(let type, let reason):
      reasons["refused again: \(DeadLetterReason.shape(type, reason))", default: 0] += 1
    case .unavailable(let reason): reasons["not taken now: \(reason)", default: 0] += 1
    }
  }

  mutating func giveUp(_ reason: String) { givenUpBecause = reason }

  package func count(_ outcome: String) -> UInt64 { counts[outcome, default: 0] }

  private var tried: UInt64 { counts.values.reduce(0, +) }
  /// Each chosen letter is in its index now.
  package var isComplete: Bool { count("delivered") + count("duplicate") == chosen }

  package var text: String {
    guard chosen > 0 else {
      return "No open dead letter fits. See: sheepshipper dead-letters list\n"
    }
    var text = ""
    if chosen <= UInt64(Self.toldMax) {
      for one in told {
        text += "\(one.id)  \(Self.words(one.outcome))\n"
        if let reason = one.outcome.reason {
          text += TextLayout.wrapped(reason, indent: 4)
        }
      }
    } else {
      for (reason, count) in reasons.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
        text += TextLayout.wrapped("\(TextAmount.count(count)) \(reason)", hanging: 4)
      }
    }
    text += TextLayout.wrapped(
      "Of \(TextAmount.counted(chosen, "letter")): \(TextAmount.count(count("delivered"))) "
        + "delivered, \(TextAmount.count(count("duplicate"))) there already, "
        + "\(TextAmount.count(count("refused"))) refused again, "
        + "\(TextAmount.count(count("unavailable"))) not taken now"
        + (chosen > tried ? ", \(TextAmount.count(chosen - tried)) not tried" : "") + ".")
    if let givenUpBecause, chosen > tried {
      text += TextLayout.wrapped("Given up: \(givenUpBecause)")
    }
    if !isComplete { text += "What was not delivered stays open.\n" }
    if let notNoted {
      text += TextLayout.wrapped(
        "The agent could not note what was delivered (\(notNoted)): it still shows as open, and "
          + "sending it again does no harm.")
    }
    return text
  }

  private static func words(_ outcome: ResendOutcome) -> String {
    switch outcome {
    case .delivered: "delivered"
    case .duplicate: "there already, nothing was stored"
    case .refused: "refused again"
    case .unavailable: "not taken now"
    }
  }

  package var json: JsonValue {
    var members: [(key: String, value: JsonValue)] = [("chosen", .integer(Int64(chosen)))]
    for name in ResendOutcome.names { members.append((name, .integer(Int64(count(name))))) }
    members.append(("not_tried", .integer(Int64(chosen - tried))))
    members.append(
      (
        "letters",
        .array(
          told.map { one in
            .object([("_id", .string(one.id))] + (one.outcome.json.members ?? []))
          })
      ))
    members.append(
      (
        "reasons",
        .array(
          reasons.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { reason, count in
            .object([("reason", .string(reason)), ("count", .integer(Int64(count)))])
          })
      ))
    if let givenUpBecause { members.append(("given_up", .string(givenUpBecause))) }
    if let notNoted { members.append(("not_noted", .string(notNoted))) }
    return .object(members)
  }
}
