/// Outcomes, and what is content, left out, or kept beside the fields.
extension FieldTable {
  static let outcomes: [FieldRow] = [
    FieldRow("status", .slot, .status),
    FieldRow("success", .slot, .success),
    FieldRow("status_code", .slot, .statusCode),
    FieldRow("http_status", .slot, .statusCode, rank: 1),
    FieldRow("response/status_code", .slot, .statusCode, rank: 2),
    FieldRow("code", .slot, .statusCode, rank: 3),
    FieldRow("error_message", .slot, .errorMessage),
    FieldRow("error", .slot, .errorMessage, rank: 1),
    FieldRow("error/message", .slot, .errorMessage, rank: 2, .ofLogger),
    FieldRow("error/error/message", .slot, .errorMessage, rank: 3),
    FieldRow("error_information/error_message", .slot, .errorMessage, rank: 4),
    FieldRow("error_str", .slot, .errorMessage, rank: 5),
    FieldRow("response/error/message", .slot, .errorMessage, rank: 6),
    FieldRow("error_type", .slot, .errorType),
    FieldRow("error_class", .slot, .errorType, rank: 1),
    FieldRow("error/type", .slot, .errorType, rank: 2, .ofLogger),
    FieldRow("error/error/type", .slot, .errorType, rank: 3),
    FieldRow("error_information/error_class", .slot, .errorType, rank: 4),
    FieldRow("response/error/type", .slot, .errorType, rank: 5),
    FieldRow("error_code", .slot, .errorCode),
    FieldRow("error/code", .slot, .errorCode, rank: 1, .ofLogger),
    FieldRow("error/error/code", .slot, .errorCode, rank: 2),
    FieldRow("error_information/error_code", .slot, .errorCode, rank: 3),
    FieldRow("response/error/code", .slot, .errorCode, rank: 4),
    FieldRow("circuit_state", .slot, .circuitState),
    FieldRow("fallback", .slot, .fallback),
    FieldRow("cache_hit", .slot, .cacheHit),
    FieldRow("stream", .slot, .stream),
    FieldRow("request/stream", .slot, .stream, rank: 1),
    FieldRow("model_parameters/stream", .slot, .stream, rank: 2),
    FieldRow("stream_complete", .slot, .streamComplete),
    FieldRow("finish_reason", .slot, .finishReason),
    FieldRow("response/finish_reason", .slot, .finishReason, rank: 1),
    FieldRow("response/choices/[]/finish_reason", .slot, .finishReason, rank: 2),
    FieldRow("choices/[]/finish_reason", .slot, .finishReason, rank: 3),
    FieldRow("response/stop_reason", .slot, .finishReason, rank: 4),
    FieldRow("request/temperature", .slot, .temperature),
    FieldRow("model_parameters/temperature", .slot, .temperature, rank: 1),
    FieldRow("temperature", .slot, .temperature, rank: 2),
    FieldRow("request/max_tokens", .slot, .maxTokens),
    FieldRow("model_parameters/max_tokens", .slot, .maxTokens, rank: 1),
    FieldRow("model_parameters/max_completion_tokens", .slot, .maxTokens, rank: 2),
    FieldRow("max_tokens", .slot, .maxTokens, rank: 3),
  ]

  /// What people wrote and models answered, and traces that quote it: only its keyed hash is kept.
  static let content: [FieldRow] =
    [
      "messages", "request/messages", "prompt", "request/prompt", "input", "request/input",
      "request/tools", "content", "text", "output", "response", "response/output", "response/text",
      "response/content", "response/data", "response/instructions", "response/tools", "data",
      "message", "stack_trace", "traceback", "exc_info", "exc_text", "error/stack_trace",
      "error_information/traceback", "model_parameters/tools", "model_parameters/functions",
      "model_parameters/metadata", "guardrail_information", "response_cost_failure_debug_info",
      "metadata/requester_metadata/metadata", "metadata/spend_logs_metadata",
      "metadata/mcp_tool_call_metadata", "metadata/vector_store_request_metadata",
    ].map { FieldRow($0, .content) } + [
      FieldRow("response/choices", .content),
      FieldRow("response/choices/[]", .content, unknownBelow: .content),
      FieldRow("choices", .content),
      FieldRow("choices/[]", .content, unknownBelow: .content),
    ]

  /// Left out on purpose: said by another field, private, or the logger's own bookkeeping.
  static let left: [FieldRow] =
    [
      "@version", "@metadata", "ecs", "interpreter", "interpreter_version", "process_name",
      "thread_name", "func_name", "line", "path", "logstash_async_version", "process", "logsource",
      "log/origin", "log/syslog", "event/module",
      "metadata/user_api_key_hash", "metadata/user_api_key_user_email",
      "metadata/user_api_key_spend", "metadata/user_api_key_auth_metadata", "metadata/user_agent",
      "metadata/requester_custom_headers", "metadata/requester_metadata/tags",
      "metadata/requester_metadata/used_client_oauth_token", "metadata/used_client_oauth_token",
      "metadata/applied_guardrails", "metadata/routing_decision", "api_base", "cache_key",
      "response/object", "response/created", "response/created_at", "response/index",
      "response/vertex_ai_grounding_metadata", "response/vertex_ai_url_context_metadata",
      "response/vertex_ai_safety_results", "response/vertex_ai_citation_metadata",
      "response/parallel_tool_calls", "response/tool_choice", "response/temperature",
      "response/top_p", "response/status", "response/user", "request_model_access_groups",
      "standard_built_in_tools_params", "model_parameters/stream_options",
      "model_parameters/encoding_format", "choices/[]/index", "response/choices/[]/index",
    ].map { FieldRow($0, .ignore) } + [
      FieldRow("model_map_information", .ignore, nil, rank: 0, .liteLlm),
      FieldRow("cost_breakdown", .ignore, nil, rank: 0, .liteLlm, unknownBelow: .ignore),
      FieldRow("hidden_params", .ignore, nil, rank: 0, .liteLlm, unknownBelow: .ignore),
      FieldRow("resourceSpans", .extra, nil, rank: 0, .openTelemetry),
      FieldRow("resourceLogs", .extra, nil, rank: 0, .openTelemetry),
    ]

  /// The allow-list of `extra`: names without free text, worth their bytes when someone looks for a cause.
  static let kept: [FieldRow] = [
    "level", "log/level", "log/logger", "logger_name", "host", "host/hostname", "host/name",
    "program", "app", "type", "call_id",
    "user_agent", "model_id", "metadata/user_api_key_alias", "metadata/user_api_key_org_id",
    "metadata/user_api_key_org_alias", "metadata/user_api_key_project_id",
    "metadata/user_api_key_project_alias", "metadata/user_api_key_team_alias",
    "metadata/user_api_key_request_route", "status_fields/llm_api_status",
    "status_fields/guardrail_status", "error_information/llm_provider",
    "error_information/normalized_error", "error_information/error_provider_request_id",
    "error_information/error_rate_limit_category", "error_information/error_rate_limit_type",
    "response/system_fingerprint", "system_fingerprint", "object",
  ].map { FieldRow($0, .keep) }
}
