/// Where each field of a document came from: the incoming keys that the walk found, by the field table's rules.
struct FieldProvenance {
  private let readings: [Field: EventAccount.Reading]
  private let shape: EventFacts.Shape
  private let unreadablePaths: Set<String>

  init(_ outcome: EventAccount.Outcome) {
    readings = Dictionary(outcome.readings.map { ($0.field, $0) }, uniquingKeysWith: { a, _ in a })
    shape = outcome.shape
    unreadablePaths = Set(outcome.readings.filter { !$0.isReadable }.map(\.path))
  }

  /// The keys, or what else it was made of.
  func origin(of name: String) -> String {
    switch name {
    case "usage.prompt_tokens": return promptOrigin
    case "usage.completion_tokens": return completionOrigin
    case "usage.total_tokens", "token_count":
      if name == "token_count" { return "usage.total_tokens above" }
      return has(.promptTokens) && has(.completionTokens)
        ? "prompt + completion"
        : listed([.totalTokens, .promptTokens, .completionTokens], " + ")
    case "usage.cache_write_tokens":
      if has(.cacheWrite5mTokens) { return listed([.cacheWrite5mTokens], "") }
      return listed([.cacheWriteTokens, .cacheWrite1hTokens], " - ")
    case "outcome":
      let signs: [Field] = [
        .statusCode, .status, .success, .errorType, .errorCode, .errorMessage, .streamComplete,
      ]
      return listed(signs, ", ")
    case "latency_ms", "ttft_ms": return durationOrigin(name)
    case "team_id_claimed": return first([.teamClaimed, .teamNamed]) ?? "header X-Team-ID"
    case "team_id": return first([.teamKey, .teamNamed, .teamClaimed]) ?? "header X-Team-ID"
    default: break
    }
    if name.hasPrefix("cost.") || name == "cost_usd" || name == "saved_cache_cost" {
      return name == "cost.reported_usd" ? first([.reportedCost]) ?? "" : "see cost below"
    }
    return first(FieldManual.fields(of: name)) ?? FieldManual.computation(of: name)
  }

  /// Why something stands in `extra`.
  func extraReason(_ path: String) -> String {
    unreadablePaths.contains(path)
      ? "itself: not of its field's type" : "itself: it has no field"
  }

  private func has(_ field: Field) -> Bool { readings[field]?.isReadable ?? false }

  private func first(_ fields: [Field]) -> String? {
    fields.first(where: has).flatMap { readings[$0]?.path }
  }

  private func listed(_ fields: [Field], _ separator: String) -> String {
    fields.filter(has).compactMap { readings[$0]?.path }.joined(separator: separator)
  }

  /// Anthropic's own input is without what came from or went to the cache; LiteLLM has added it.
  private var promptOrigin: String {
    guard let prompt = readings[.promptTokens] else { return "" }
    var parts = [Field.promptTokens]
    if shape != .liteLlm, prompt.traits.contains(.excludesCache) {
      if readings[.cachedTokens]?.traits.contains(.excludesCache) ?? false {
        parts.append(.cachedTokens)
      }
      if readings[.cacheWriteTokens]?.traits.contains(.excludesCache) ?? false {
        parts.append(.cacheWriteTokens)
      }
    }
    return listed(parts, " + ")
  }

  /// Gemini's output is without thoughts.
  private var completionOrigin: String {
    let isWithout = readings[.completionTokens]?.traits.contains(.excludesThoughts) ?? false
    return listed(isWithout ? [.completionTokens, .reasoningTokens] : [.completionTokens], " + ")
  }

  private func durationOrigin(_ name: String) -> String {
    if name == "ttft_ms" {
      return first([.timeToFirstToken]) ?? listed([.completionStartTime, .startTime], " - ")
    }
    let span = listed([.endTime, .startTime], " - ")
    if let path = first([.latency]) { return path }
    guard let seconds = first([.responseSeconds]) else { return span }
    return has(.startTime) && has(.endTime) ? "\(seconds); of streams \(span)" : seconds
  }
}
