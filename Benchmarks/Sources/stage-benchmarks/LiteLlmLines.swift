import LogPipeline

/// LiteLLM's events as long as its callback sends them, 10 KB and more: the demo's, with what the demo leaves out of them.
enum LiteLlmLines {
  private typealias Member = (key: String, value: JsonValue)

  /// Lines with their ends.
  static func of(_ bodies: [[UInt8]]) throws -> [UInt8] {
    var lines: [UInt8] = []
    for body in bodies {
      for event in try JsonValue.parse(body).elements ?? [] {
        lines += JsonValue.object(filled(event)).text.utf8
        lines.append(UInt8(ascii: "\n"))
      }
    }
    return lines
  }

  private static func filled(_ event: JsonValue) -> [Member] {
    let members = (event.members ?? []).map { member -> Member in
      switch member.key {
      case "metadata": (member.key, JsonValue.object((member.value.members ?? []) + metadata))
      case "response": (member.key, JsonValue.object(response))
      default: member
      }
    }
    return members + [
      ("cost_breakdown", .object(costs)), ("hidden_params", .object(hidden)),
      ("model_map_information", .object([("model_map_value", .object(modelMap))])),
    ]
  }

  /// Looked up per model, of no use to us and half of the event: prices for this and that, and what the model can do.
  private static let modelMap: [Member] = {
    var members: [Member] = []
    let tiers = [
      "", "_batches", "_flex", "_priority", "_above_128k_tokens", "_above_200k_tokens", "_audio",
    ]
    for kind in ["input", "output", "cache_creation_input", "cache_read_input"] {
      for tier in tiers {
        for unit in ["token", "character", "image", "second"] {
          let price: JsonValue = unit == "token" ? .number(2.5e-06) : .null
          members.append((key: "\(kind)_cost_per_\(unit)\(tier)", value: price))
        }
      }
    }
    let abilities = [
      "vision", "tools", "reasoning", "caching", "pdf_input", "web_search", "schema",
    ]
    let kinds = ["", "_native", "_streamed", "_parallel", "_batched", "_beta", "_image", "_audio"]
    for ability in abilities {
      for kind in kinds {
        members.append((key: "supports_\(ability)\(kind)", value: .bool(kind.isEmpty)))
      }
    }
    return members
  }()

  private static let usage: JsonValue = .object([
    ("completion_tokens", .integer(468)), ("prompt_tokens", .integer(328)),
    ("total_tokens", .integer(796)),
    ("completion_tokens_details", .object([("reasoning_tokens", .integer(0))])),
    ("prompt_tokens_details", .null), ("cost", .number(0.0044)),
  ])

  private static let headers: [Member] = [
    ("host", .string("relay.example:4000")), ("accept-encoding", .string("gzip, deflate")),
    ("content-type", .string("application/json")), ("user-agent", .string("OpenAI/Python 2.54.0")),
    ("x-stainless-runtime", .string("CPython")), ("x-stainless-async", .string("false")),
    ("x-request-id", .string("req-2ae58a8f7aef")), ("x-team-id", .string("finance")),
  ]

  private static let metadata: [Member] =
    [
      "spend", "max_budget", "budget_reset_at", "user_spend", "user_max_budget", "team_spend",
      "team_max_budget", "org_alias", "project_id", "project_alias", "rpm_limit", "tpm_limit",
    ].map { name -> Member in ("user_api_key_\(name)", name == "spend" ? .number(0.0) : .null) } + [
      ("spend_logs_metadata", .null), ("user_agent", .string("OpenAI/Python 2.54.0")),
      (
        "requester_metadata",
        .object([
          ("tags", .array([.string("chat"), .string("nightly")])), ("feature", .string("search")),
          ("headers", .object(headers)), ("used_client_oauth_token", .bool(false)),
        ])
      ),
      ("usage_object", usage), ("requester_custom_headers", .object(headers)),
      ("cold_storage_object_key", .null), ("applied_guardrails", .array([])),
    ]

  private static let response: [Member] = [
    ("id", .string("chatcmpl-lnnqvzie7hpge5n4p8l2r9isep47w")), ("created", .integer(1_795_216_833)),
    ("object", .string("chat.completion")), ("system_fingerprint", .string("fp_2gmw60g4ha")),
    (
      "choices",
      .array([
        .object([
          ("finish_reason", .string("stop")), ("index", .integer(0)),
          (
            "message",
            .object([
              ("content", .string(String(repeating: "The \"summary\" is on its way.\n", count: 9))),
              ("role", .string("assistant")), ("tool_calls", .null),
            ])
          ),
        ])
      ])
    ),
    ("usage", usage),
  ]

  private static let costs: [Member] =
    ["input", "output", "total", "tool_usage", "original", "discount", "margin"].map {
      name -> Member in ("\(name)_cost", .number(0.003744))
    }

  private static let hidden: [Member] = [
    ("cache_key", .null), ("api_base", .string("https://upstream.example/v1")),
    ("response_cost", .number(0.0044)), ("litellm_overhead_time_ms", .number(1.25)),
    (
      "additional_headers",
      .object(
        ["limit-requests", "limit-tokens", "remaining-requests", "remaining-tokens"].map {
          name -> Member in ("llm_provider-x-ratelimit-\(name)", .string("1999203"))
        } + headers)
    ),
  ]
}
