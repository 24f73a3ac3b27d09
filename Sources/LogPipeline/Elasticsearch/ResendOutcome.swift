/// What came of sending a dead letter again.
package enum ResendOutcome: Equatable, Sendable {
  case delivered
  /// A document with its id is there already: an edit was not stored then.
  case duplicate
  /// It will not be taken as it is, for this reason (scrubbed).
  case refused(type: String, reason: String)
  /// Nobody took it now, for this reason; it may be taken another time.
  case unavailable(reason: String)

  package static let names = ["delivered", "duplicate", "refused", "unavailable"]

  package var name: String {
    switch self {
    case .delivered: "delivered"
    case .duplicate: "duplicate"
    case .refused: "refused"
    case .unavailable: "unavailable"
    }
  }

  /// Whether the letter is done with.
  package var resolution: DeadLetterResolution.Outcome? {
    switch self {
    case .delivered: .delivered
    case .duplicate: .duplicate
    case .refused, .unavailable: nil
    }
  }

  /// Why it stays open; nil when it does not.
  package var reason: String? {
    switch self {
    case .delivered, .duplicate: nil
    case .refused(let type, let reason): reason.isEmpty ? type : "\(type): \(reason)"
    case .unavailable(let reason): reason
    }
  }

  package var json: JsonValue {
    var members: [(key: String, value: JsonValue)] = [("outcome", .string(name))]
    switch self {
    case .delivered, .duplicate: break
    case .refused(let type, let reason):
      members += [("type", .string(type)), ("reason", .string(reason))]
    case .unavailable(let reason): members.append(("reason", .string(reason)))
    }
    return .object(members)
  }

  package init?(_ json: JsonValue) {
    let reason = json["reason"]?.string ?? ""
    switch json["outcome"]?.string {
    case "delivered": self = .delivered
    case "duplicate": self = .duplicate
    case "refused": self = .refused(type: json["type"]?.string ?? "", reason: reason)
    case "unavailable": self = .unavailable(reason: reason)
    default: return nil
    }
  }
}
