/// Every key path we know, and what it means: the one place to add a sender's spelling.
///
/// From it come the walker's contexts, the types of the index template and the field list of the documentation.
/// A path that is not here goes to `extra`: numbers and booleans as they are, strings as `[REDACTED]`.
package enum FieldTable {
  /// The objects in which loggers wrap an event's own fields (python-logstash-async: plain and ECS formats).
  static let wrappers = ["extra", "relay"]

  /// All rows: as they stand at the root, then inside each wrapper.
  static let rows: [FieldRow] = {
    let own = ownRows
    return own.map(\.plain) + wrappers.flatMap { wrapper in own.map { $0.wrapped(in: wrapper) } }
      + traces
  }()

  private static let ownRows: [FieldRow] =
    times + names + people + tokens + durations + costs + outcomes + content + left + kept

  private static let times: [FieldRow] = [
    // The event's own time comes before the moment at which a logger wrote it down.
    FieldRow("event_timestamp", .slot, .timestamp, rank: 0, .ofLogger),
    FieldRow("timestamp", .slot, .timestamp, rank: 1, .ofLogger),
    FieldRow("time", .slot, .timestamp, rank: 2, .ofLogger),
    FieldRow("metadata/timestamp", .slot, .timestamp, rank: 3, .ofLogger),
    FieldRow("@timestamp", .slot, .loggedAt, rank: 0, .ofLogger),
    FieldRow("created", .slot, .loggedAt, rank: 1, .ofLogger),
    FieldRow("startTime", .slot, .startTime),
    FieldRow("start_time", .slot, .startTime, rank: 1),
    FieldRow("startTimeUnixNano", .slot, .startTime, rank: 2, .openTelemetry),
    FieldRow("endTime", .slot, .endTime),
    FieldRow("end_time", .slot, .endTime, rank: 1),
    FieldRow("endTimeUnixNano", .slot, .endTime, rank: 2, .openTelemetry),
    FieldRow("completionStartTime", .slot, .completionStartTime),
  ]

  private static let names: [FieldRow] = [
    FieldRow("event_id", .slot, .eventId),
    FieldRow("id", .slot, .eventId, rank: 1),
    FieldRow("spanId", .slot, .eventId, rank: 2, .openTelemetry),
    FieldRow("span_id", .slot, .eventId, rank: 2),
    FieldRow("audit_id", .slot, .auditId),
    FieldRow("request_id", .slot, .requestId),
    FieldRow("metadata/request_id", .slot, .requestId, rank: 1),
    FieldRow("litellm_call_id", .slot, .requestId, rank: 2, .liteLlm),
    FieldRow("response/id", .slot, .responseId),
    FieldRow("response_id", .slot, .responseId, rank: 1),
    FieldRow("trace_id", .slot, .traceId),
    FieldRow("traceId", .slot, .traceId, rank: 1),
    FieldRow("session_id", .slot, .sessionId),
    FieldRow("metadata/session_id", .slot, .sessionId, rank: 1),
    FieldRow("audit_meta/session_id", .slot, .sessionId, rank: 2),
    FieldRow("metadata/requester_metadata/session_id", .slot, .sessionId, rank: 3),
    FieldRow("request_hash", .slot, .requestHash),
    FieldRow("response_hash", .slot, .responseHash),
    FieldRow("request_type", .slot, .requestType),
    FieldRow("call_type", .slot, .requestType, rank: 1, .liteLlm),
    FieldRow("gen_ai.operation.name", .slot, .requestType, rank: 2, .openTelemetry),
    FieldRow("model_used", .slot, .modelUsed),
    FieldRow("model", .slot, .modelUsed, rank: 1),
    FieldRow("metadata/model", .slot, .modelUsed, rank: 2),
    FieldRow("request/model", .slot, .modelUsed, rank: 3),
    FieldRow("gen_ai.request.model", .slot, .modelUsed, rank: 4, .openTelemetry),
    FieldRow("llm.model_name", .slot, .modelUsed, rank: 5, .openTelemetry),
    FieldRow("model_group", .slot, .modelRequested),
    FieldRow("response/model", .slot, .modelServed),
    FieldRow("gen_ai.response.model", .slot, .modelServed, rank: 1, .openTelemetry),
    FieldRow("provider", .slot, .provider),
    FieldRow("metadata/provider", .slot, .provider, rank: 1),
    FieldRow("audit_meta/provider", .slot, .provider, rank: 2),
    FieldRow("custom_llm_provider", .slot, .provider, rank: 3, .liteLlm),
    FieldRow("gen_ai.provider.name", .slot, .provider, rank: 4, .openTelemetry),
    FieldRow("endpoint", .slot, .endpoint),
    FieldRow("_meta/endpoint", .slot, .endpoint, rank: 1),
    FieldRow("metadata/endpoint", .slot, .endpoint, rank: 2),
  ]

  private static let people: [FieldRow] =
    [
      // The team of the key that was used is proven; a team that is merely named is as good as its source.
      FieldRow("metadata/user_api_key_team_id", .slot, .teamKey, rank: 0, .liteLlm),
      FieldRow("user_api_key_team_id", .slot, .teamKey, rank: 1, .liteLlm),
      FieldRow("team_id", .slot, .teamNamed),
      FieldRow("team", .slot, .teamNamed, rank: 1),
      FieldRow("metadata/team_id", .slot, .teamNamed, rank: 2),
      FieldRow("metadata/team", .slot, .teamNamed, rank: 3),
      FieldRow("department", .slot, .teamNamed, rank: 4),
      FieldRow("metadata/department", .slot, .teamNamed, rank: 5),
      FieldRow("team_id_claimed", .slot, .teamClaimed),
      FieldRow("user_id", .slot, .userId),
      FieldRow("metadata/user_id", .slot, .userId, rank: 1),
      FieldRow("audit_meta/user_id", .slot, .userId, rank: 2),
      FieldRow("end_user", .slot, .userId, rank: 3),
      FieldRow("metadata/user_api_key_end_user_id", .slot, .userId, rank: 4),
      FieldRow("user", .slot, .userId, rank: 5),
      FieldRow("model_parameters/user", .slot, .userId, rank: 6),
      FieldRow("metadata/user_api_key_user_id", .slot, .userId, rank: 7),
      FieldRow("ip_address", .slot, .clientIp),
      FieldRow("metadata/ip_address", .slot, .clientIp, rank: 1),
      FieldRow("audit_meta/ip_address", .slot, .clientIp, rank: 2),
      FieldRow("requester_ip_address", .slot, .clientIp, rank: 3),
      FieldRow("metadata/requester_ip_address", .slot, .clientIp, rank: 4),
      FieldRow("environment", .slot, .environment, rank: 1),
      FieldRow("metadata/environment", .slot, .environment, rank: 2),
      FieldRow("deployment.environment.name", .slot, .environment, rank: 4, .openTelemetry),
      FieldRow("tags", .list, .tags, rank: 0, .ofLogger),
      FieldRow("metadata/tags", .list, .tags, rank: 1),
      FieldRow("request_tags", .list, .requestTags),
      FieldRow("feature", .slot, .feature),
      FieldRow("metadata/feature", .slot, .feature, rank: 1),
      FieldRow("metadata/requester_metadata/feature", .slot, .feature, rank: 2),
      FieldRow("cohort", .slot, .cohort),
      FieldRow("metadata/cohort", .slot, .cohort, rank: 1),
      FieldRow("task_type", .slot, .taskType),
      FieldRow("metadata/task_type", .slot, .taskType, rank: 1),
      FieldRow("attempt", .slot, .attempt),
      FieldRow("metadata/attempt", .slot, .attempt, rank: 1),
    ] + headers

  /// Headers of the call that an event carries along. Their names have no case; these are the spellings in use.
  private static let headers: [FieldRow] =
    ["headers", "metadata/headers", "metadata/requester_metadata/headers"].flatMap { place in
      [FieldRow(place, .ignore, unknownBelow: .ignore)]
        + ["X-Request-ID", "X-Request-Id", "x-request-id"].map {
          FieldRow("\(place)/\($0)", .slot, .requestId, rank: 3)
        }
        + ["X-Team-ID", "X-Team-Id", "x-team-id"].map {
          FieldRow("\(place)/\($0)", .slot, .teamClaimed, rank: 1)
        }
        + ["X-Environment", "x-environment"].map {
          // The call's own: `environment` beside it is the logger's.
          FieldRow("\(place)/\($0)", .slot, .environment, rank: 0)
        }
    }
}

extension FieldTable {
  /// By row number: the walker's values carry it.
  static let traits: [FieldRow.Traits] = rows.map(\.traits)
  /// By row number: the path as `extra` shows it.
  static let dottedPaths: [[UInt8]] = rows.map { Array($0.dottedPath.utf8) }
  /// Which keys of an event lead to which field, the preferred path first; and whether they also do so in a wrapper.
  package static let knownPaths: [(keys: [String], field: String, isWrapped: Bool)] =
    rows.filter { $0.field != nil && !wrappers.contains($0.path[0]) }
    .sorted { ($0.field?.rawValue ?? 0, $0.rank) < ($1.field?.rawValue ?? 0, $1.rank) }
    .compactMap { row in
      row.field.map { (row.path, String(describing: $0), !spanPaths.contains(row.path)) }
    }
  private static let spanPaths = Set(traces.map(\.path))
}
