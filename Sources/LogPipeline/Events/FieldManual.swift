/// The tables of docs/events.md, made from what the program reads and writes.
package enum FieldManual {
  /// Markdown: the fields of a document, then the keys that are content, kept, or left out.
  package static var markdown: String {
    var text = "| field | type | unit | meaning | read from |\n| --- | --- | --- | --- | --- |\n"
    for field in FieldTable.documentFields {
      let cells = [
        "`\(field.name)`", field.type.serverName, unit(of: field.name), field.meaning,
        source(of: field.name),
      ]
      text += "| \(cells.joined(separator: " | ")) |\n"
    }
    text += "\nToken counts are looked for at the root and in \(listed(usagePlaces)).\n"
    text +=
      "\nContent, of which only the keyed hash is kept unless `privacy.content` says otherwise: \(listed(paths(.content))).\n"
    text += "\nKept in `extra` with their texts: \(listed(paths(.keep))).\n"
    text += "\nLeft out, because another field says it or nobody needs it: "
    return text + "\(listed(paths(.ignore))).\n"
  }

  /// Fields of the document that no entry below explains, and values read that no document shows: both must be empty.
  package static var gaps: [String] {
    let names = FieldTable.documentFields.map(\.name)
    let explained = Set(sources.keys).union(computed.keys)
    let shown = Set(sources.values.joined())
    return names.filter { !explained.contains($0) } + explained.subtracting(names).sorted()
      + Field.allCases.filter { !shown.contains($0) }.map { "\($0)" }
  }

  /// What each field is read from, in the order that decides when an event brings several.
  private static let sources: [String: [Field]] = [
    "@timestamp": [.timestamp, .startTime, .loggedAt],
    "request_type": [.requestType],
    "team_id": [.teamKey, .teamNamed],
    "team_id_claimed": [.teamClaimed],
    "environment": [.environment],
    "provider": [.provider],
    "ab_arm": [.provider],
    "model": [.modelUsed, .modelServed],
    "model_raw": [.modelUsed, .modelServed],
    "model_requested": [.modelRequested],
    "model_served": [.modelServed],
    "cost_usd": [.serviceTier, .region],
    "saved_cache_cost": [.savedCacheCost],
    "cost.reported_usd": [.reportedCost],
    "endpoint": [.endpoint],
    "feature": [.feature],
    "cohort": [.cohort],
    "task_type": [.taskType],
    "outcome": [.status, .success],
    "status_code": [.statusCode, .status],
    "finish_reason": [.finishReason],
    "stream": [.stream],
    "stream_complete": [.streamComplete],
    "fallback": [.fallback],
    "cache_hit": [.cacheHit],
    "circuit_state": [.circuitState],
    "attempt": [.attempt],
    "error.type": [.errorType],
    "error.code": [.errorCode],
    "error.message": [.errorMessage],
    "request.temperature": [.temperature],
    "request.max_tokens": [.maxTokens],
    "usage.prompt_tokens": [.promptTokens, .usageText],
    "usage.completion_tokens": [.completionTokens, .usageText],
    "usage.total_tokens": [.totalTokens, .usageText],
    "usage.cached_tokens": [.cachedTokens, .usageText],
    "usage.cache_write_tokens": [.cacheWrite5mTokens, .cacheWriteTokens],
    "usage.cache_write_1h_tokens": [.cacheWrite1hTokens],
    "usage.reasoning_tokens": [.reasoningTokens, .usageText],
    "latency_ms": [.latency, .responseSeconds, .startTime, .endTime],
    "ttft_ms": [.timeToFirstToken, .completionStartTime],
    "relay_overhead_ms": [.relayOverhead],
    "event_id": [.eventId, .auditId],
    "audit_id": [.auditId],
    "request_id": [.requestId],
    "response_id": [.responseId],
    "trace_id": [.traceId],
    "session_id": [.sessionId],
    "request_hash": [.requestHash],
    "response_hash": [.responseHash],
    "user_id": [.userId],
    "client_ip": [.clientIp],
    "tags": [.tags],
    "request_tags": [.requestTags],
  ]

  /// What is worked out, or comes from beside the event; stands in front of the keys where there are both.
  private static let computed: [String: String] = [
    "schema_version": "the program",
    "timestamp_source": "worked out",
    "time_clamped": "worked out, with `time.past_max` and `time.future_max`",
    "repaired": "worked out",
    "oversized": "worked out, with `inputs.event_max`",
    "team_id_claimed": "what `team_id` did not use; header X-Team-ID of the request",
    "environment": "header X-Environment of the request when the event has none",
    "ab_arm": "a provider \"holysheep\" or \"legacy\" of an event without a model",
    "model": "worked out by the price book's names",
    "model_family": "the price book",
    "cost_usd":
      "usage times the price at the event's time; the service tier; the region, also `sources[].region`",
    "saved_cache_cost": "the price the call would have had",
    "cost.status": "worked out",
    "cost.basis": "`pricing.basis`",
    "cost.book": "`pricing.book` and the shape of the event",
    "cost.partly_direct": "the price book",
    "cost.price_version": "the price book",
    "cost.input_per_mtok": "the price book",
    "cost.output_per_mtok": "the price book",
    "cost.input_usd": "worked out",
    "cost.output_usd": "worked out",
    "cost.cached_usd": "worked out",
    "cost.remainder_clamped": "worked out",
    "cost.drift_usd": "worked out",
    "outcome": "worked out: one sign of failure is enough",
    "usage.total_mismatch": "worked out",
    "token_count": "`usage.total_tokens`",
    "latency_ms": "end minus start where nothing else says it",
    "ttft_ms": "of streams: first token minus start",
    "content_hmac": "HMAC-SHA-256 with `privacy.key`",
    "content_hmac_key_id": "`privacy.key`",
    "content": "`privacy.content`, also `sources[].content`",
    "extra": "every key that has no place above",
  ]

  /// What a field is read from, the field that wins first.
  static func fields(of name: String) -> [Field] { sources[name] ?? [] }

  /// What a field is worked out from where nothing that came says it.
  static func computation(of name: String) -> String {
    (computed[name] ?? "worked out").replacing("`", with: "")
  }

  private static func source(of name: String) -> String {
    let keys = (sources[name] ?? []).flatMap(keys)
    let parts = [computed[name]] + (keys.isEmpty ? [] : [listed(keys)])
    return parts.compactMap(\.self).joined(separator: "; ")
  }

  private static func unit(of name: String) -> String {
    if name.hasSuffix("_per_mtok") { return "USD per million tokens" }
    if name.hasSuffix("_usd") || name == "saved_cache_cost" { return "USD" }
    if name.hasSuffix("_ms") { return "ms" }
    if name.hasSuffix("_tokens") || name == "token_count" { return "tokens" }
    return name == "@timestamp" ? "UTC, ISO 8601" : ""
  }

  /// Rows as they stand at the root of an event: wrappers repeat them.
  private static let plainRows = FieldTable.rows.filter { row in
    row.path.first.map { !FieldTable.wrappers.contains($0) } ?? false
  }

  /// The keys of a field, the one that wins first; those of usage without the places it can stand in.
  private static func keys(of field: Field) -> [String] {
    var spelled: Set<String> = []
    return plainRows.filter {
      $0.field == field && (field.reading != .count || $0.rank < 8 || $0.path.count == 1)
    }
    .sorted { $0.rank & 63 < $1.rank & 63 }
    .map(\.dottedPath)
    .filter { spelled.insert($0.lowercased()).inserted }
  }

  private static var usagePlaces: [String] {
    plainRows.filter {
      $0.field == .totalTokens && $0.path.count > 1 && $0.path.last == "total_tokens"
    }
    .map { $0.path.dropLast().joined(separator: ".") }
  }

  private static func paths(_ action: FieldRow.Action) -> [String] {
    plainRows.filter { $0.action == action }.map(\.dottedPath)
  }

  private static func listed(_ keys: [String]) -> String {
    keys.map { "`\($0)`" }.joined(separator: ", ")
  }
}
