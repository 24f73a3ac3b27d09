/// What only spans bring: attributes by the conventions of OpenTelemetry, OpenLLMetry, OpenInference and Langfuse, as
/// ``SpanFrame`` writes them. No logger wraps them, and they stand behind all other spellings.
extension FieldTable {
  private static let behind: UInt8 = 112
  private static let langfuseUsage = "langfuse.observation.usage_details"

  static let traces: [FieldRow] = spans + spanTokens + spanRest

  private static let spans: [FieldRow] = ranked([
    (.sessionId, ["session.id", "gen_ai.conversation.id", "langfuse.session.id"]),
    (.userId, ["user.id", "enduser.id", "langfuse.user.id"]),
    (.responseId, ["gen_ai.response.id"]),
    (
      .requestType, ["llm.request.type", "openinference.span.kind", "langfuse.observation.type"]
    ),
    (.modelUsed, ["langfuse.observation.model.name", "embedding.model_name"]),
    (.provider, ["gen_ai.system", "llm.provider", "llm.system"]),
    (
      .environment,
      [
        "langfuse.environment", "resource/deployment.environment.name",
        "resource/deployment.environment",
      ]
    ),
    (.teamNamed, ["team.id", "resource/team_id", "resource/team.id", "resource/team"]),
    (.finishReason, ["gen_ai.response.finish_reasons", "llm.finish_reason"]),
    (.stream, ["gen_ai.request.stream", "gen_ai.is_streaming", "llm.is_streaming"]),
    (.completionStartTime, ["langfuse.observation.completion_start_time"]),
    (.temperature, ["gen_ai.request.temperature"]),
    (.maxTokens, ["gen_ai.request.max_tokens"]),
    (.errorType, ["error.type"]),
    (.errorMessage, ["langfuse.observation.status_message"]),
    (.statusCode, ["http.response.status_code", "http.status_code"]),
    (
      .serviceTier,
      [
        "openai.response.service_tier", "gen_ai.openai.response.service_tier",
      ]
    ),
    (.reportedCost, ["gen_ai.usage.cost", "langfuse.observation.cost_details/total"]),
    (.cachedTokens, ["gen_ai.usage.cache_read.input_tokens"]),
  ])

  /// Conventions count the cache and the reasoning in; Langfuse's own names do not.
  private static let spanTokens: [FieldRow] =
    ranked(
      [
        (.promptTokens, ["gen_ai.usage.prompt_tokens"]),
        (.completionTokens, ["gen_ai.usage.completion_tokens"]),
        (.totalTokens, ["gen_ai.usage.total_tokens", "llm.usage.total_tokens"]),
        (
          .cachedTokens,
          ["gen_ai.usage.cache_read_input_tokens", "llm.token_count.prompt_details.cache_read"]
        ),
        (
          .cacheWriteTokens,
          [
            "gen_ai.usage.cache_creation.input_tokens", "gen_ai.usage.cache_creation_input_tokens",
            "llm.token_count.prompt_details.cache_write",
          ]
        ),
        (
          .reasoningTokens,
          [
            "gen_ai.usage.reasoning.output_tokens", "gen_ai.usage.reasoning_tokens",
            "llm.token_count.completion_details.reasoning",
          ]
        ),
      ], from: behind + 8)
    + usageRows(in: langfuseUsage + "/", from: behind)
    + [
      FieldRow(
        "\(langfuseUsage)/input", .slot, .promptTokens, rank: behind + 7,
        [.openTelemetry, .excludesCache]),
      FieldRow(
        "\(langfuseUsage)/output", .slot, .completionTokens, rank: behind + 7,
        [.openTelemetry, .excludesThoughts]),
      FieldRow("\(langfuseUsage)/total", .slot, .totalTokens, rank: behind + 7, .openTelemetry),
      FieldRow(
        "\(langfuseUsage)/input_cached_tokens", .slot, .cachedTokens, rank: behind + 7,
        [.openTelemetry, .excludesCache]),
      FieldRow(
        "\(langfuseUsage)/output_reasoning_tokens", .slot, .reasoningTokens, rank: behind + 7,
        .openTelemetry),
    ]

  private static let spanRest: [FieldRow] =
    [FieldRow("langfuse.trace.tags", .list, .tags, rank: behind, .openTelemetry)]
    + [
      "parentSpanId", "resource/service.name", "resource/service.namespace",
      "resource/service.version", "resource/service.instance.id",
      "resource/telemetry.sdk.language", "langfuse.observation.level",
      "gen_ai.openai.response.system_fingerprint", "openai.response.system_fingerprint",
    ].map { FieldRow($0, .keep) }
    + [
      "input.mime_type", "output.mime_type", "langfuse.internal.is_app_root",
      "gen_ai.openai.api_base", "model_parameters/model",
    ].map { FieldRow($0, .ignore) }

  private static func ranked(
    _ fields: [(Field, [String])], from first: UInt8 = behind
  ) -> [FieldRow] {
    fields.flatMap { field, paths in
      paths.enumerated().map { index, path in
        FieldRow(path, .slot, field, rank: first + UInt8(index), .openTelemetry)
      }
    }
  }
}
