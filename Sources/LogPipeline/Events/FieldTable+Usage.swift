/// Tokens, durations and amounts.
extension FieldTable {
  /// Where usage is found, the more direct first. LiteLLM writes it three times.
  private static let usagePlaces = [
    "", "usage/", "response/usage/", "metadata/usage_object/", "usageMetadata/", "usage_metadata/",
    "response/usageMetadata/",
  ]

  static let tokens: [FieldRow] =
    usagePlaces.enumerated().flatMap { index, place in
      usageRows(in: place, from: UInt8(index * 8))
    } + [
      // LiteLLM's first format brings the text of a Python object.
      FieldRow("usage", .slot, .usageText),
      // LiteLLM repeats the usage with details; what is not named above is said elsewhere.
      FieldRow("response/usage", .ignore, unknownBelow: .ignore),
      FieldRow("metadata/usage_object", .ignore, unknownBelow: .ignore),
    ]
    + ["response/usage", "metadata/usage_object"].flatMap { place in
      ["prompt_tokens_details", "completion_tokens_details"].map {
        FieldRow("\(place)/\($0)", .ignore, unknownBelow: .ignore)
      }
    }

  /// All spellings of tokens in one place.
  static func usageRows(in place: String, from rank: UInt8) -> [FieldRow] {
    tokenKeys.map { key, field, keyRank, traits in
      FieldRow(place + key, .slot, field, rank: rank + UInt8(keyRank), traits)
    }
  }

  private static let tokenKeys: [(String, Field, Int, FieldRow.Traits)] =
    [
      ("prompt_tokens", .promptTokens, 0, []),
      ("promptTokenCount", .promptTokens, 1, []),
      ("input_tokens", .promptTokens, 2, .excludesCache),
      ("llm.token_count.prompt", .promptTokens, 3, .openTelemetry),
      ("gen_ai.usage.input_tokens", .promptTokens, 4, .openTelemetry),
      ("completion_tokens", .completionTokens, 0, []),
      ("generated_tokens", .completionTokens, 1, []),
      ("output_tokens", .completionTokens, 2, []),
      ("candidatesTokenCount", .completionTokens, 3, .excludesThoughts),
      ("llm.token_count.completion", .completionTokens, 4, .openTelemetry),
      ("gen_ai.usage.output_tokens", .completionTokens, 5, .openTelemetry),
      ("total_tokens", .totalTokens, 0, []),
      ("totalTokenCount", .totalTokens, 1, []),
      ("llm.token_count.total", .totalTokens, 2, .openTelemetry),
      ("cached_tokens", .cachedTokens, 0, []),
      ("prompt_tokens_details/cached_tokens", .cachedTokens, 1, []),
      ("input_tokens_details/cached_tokens", .cachedTokens, 2, []),
      ("cachedContentTokenCount", .cachedTokens, 3, []),
      ("prompt_cache_hit_tokens", .cachedTokens, 4, []),
      ("cache_read_input_tokens", .cachedTokens, 5, .excludesCache),
      ("cache_write_tokens", .cacheWriteTokens, 0, []),
      ("prompt_tokens_details/cache_write_tokens", .cacheWriteTokens, 1, []),
      ("prompt_tokens_details/cache_creation_tokens", .cacheWriteTokens, 2, []),
      ("cache_creation_input_tokens", .cacheWriteTokens, 3, .excludesCache),
      ("reasoning_tokens", .reasoningTokens, 0, []),
      ("completion_tokens_details/reasoning_tokens", .reasoningTokens, 1, []),
      ("output_tokens_details/reasoning_tokens", .reasoningTokens, 2, []),
      ("thoughtsTokenCount", .reasoningTokens, 3, []),
    ]
    + ["cache_creation/", "prompt_tokens_details/cache_creation_token_details/"].flatMap { place in
      [
        (place + "ephemeral_5m_input_tokens", .cacheWrite5mTokens, 0, FieldRow.Traits()),
        (place + "ephemeral_1h_input_tokens", .cacheWrite1hTokens, 0, FieldRow.Traits()),
      ]
    }

  static let durations: [FieldRow] = [
    FieldRow("latency_ms", .slot, .latency),
    FieldRow("timing/total_ms", .slot, .latency, rank: 1),
    FieldRow("metadata/latency_ms", .slot, .latency, rank: 2),
    FieldRow("audit_meta/latency_ms", .slot, .latency, rank: 3),
    FieldRow("_meta/latency_ms", .slot, .latency, rank: 4),
    FieldRow("response_time", .slot, .responseSeconds),
    FieldRow("ttft_ms", .slot, .timeToFirstToken),
    FieldRow("timing/ttft_ms", .slot, .timeToFirstToken, rank: 1),
    FieldRow("relay_overhead_ms", .slot, .relayOverhead),
    FieldRow("litellm_overhead_time_ms", .slot, .relayOverhead, rank: 1, .liteLlm),
    FieldRow("hidden_params/litellm_overhead_time_ms", .slot, .relayOverhead, rank: 2, .liteLlm),
  ]

  static let costs: [FieldRow] = [
    FieldRow("cost_usd", .slot, .reportedCost),
    FieldRow("response_cost", .slot, .reportedCost, rank: 1),
    FieldRow("metadata/cost_usd", .slot, .reportedCost, rank: 2),
    FieldRow("audit_meta/cost_usd", .slot, .reportedCost, rank: 3),
    FieldRow("cost", .slot, .reportedCost, rank: 4),
    FieldRow("saved_cache_cost", .slot, .savedCacheCost),
    FieldRow("service_tier", .slot, .serviceTier),
    FieldRow("response/service_tier", .slot, .serviceTier, rank: 1),
    FieldRow("usage/service_tier", .slot, .serviceTier, rank: 2),
    FieldRow("response/usage/service_tier", .slot, .serviceTier, rank: 3),
    // Where the provider processed the call: Anthropic's word for it, then LiteLLM's.
    FieldRow("inference_geo", .slot, .region),
    FieldRow("usage/inference_geo", .slot, .region, rank: 1),
    FieldRow("response/usage/inference_geo", .slot, .region, rank: 2),
    FieldRow("metadata/usage_object/inference_geo", .slot, .region, rank: 3),
    FieldRow("data_residency", .slot, .region, rank: 4),
    FieldRow("cost_breakdown/data_residency", .slot, .region, rank: 5, .liteLlm),
  ]
}
