/// What attributes of spans are by their names, beyond what ``FieldTable`` says of them.
enum SpanNames {
  /// A name or a short value.
  static let nameBytesMax = 256

  /// What an attribute's word says of its span.
  enum Rule: Sendable {
    case always, never
    case only(Set<String>)
    case allBut(Set<String>)

    func isCall(_ word: String) -> Bool {
      switch self {
      case .always: true
      case .never: false
      case .only(let words): words.contains(word.lowercased())
      case .allBut(let words): !words.contains(word.lowercased())
      }
    }
  }

  /// What shows whether a span is one call of a model: the first row whose attribute it has decides. Chains, agents and
  /// tools repeat what the calls below them used, and would be paid twice.
  static let evidence: [(attribute: String, rule: Rule)] = [
    ("openinference.span.kind", .only(["llm", "embedding"])),
    ("langfuse.observation.type", .only(["generation", "embedding"])),
    // Workflows, tasks, agents and tools; calls have none.
    ("traceloop.span.kind", .never),
    (
      "gen_ai.operation.name",
      .allBut([
        "execute_tool", "create_agent", "invoke_agent", "invoke_workflow", "plan", "retrieval",
        "search_memory", "update_memory", "create_memory_store",
      ])
    ),
    ("llm.request.type", .always),
    ("gen_ai.request.model", .always),
    ("gen_ai.response.model", .always),
    ("llm.model_name", .always),
    ("embedding.model_name", .always),
  ]

  /// Of the resource, which stands in every event of its service.
  static let resource: Set<String> = [
    "service.name", "service.namespace", "service.version", "service.instance.id",
    "deployment.environment.name", "deployment.environment", "team", "team.id", "team_id",
    "telemetry.sdk.language",
  ]

  /// Texts that hold JSON: they are read as what they hold.
  static let nested: [String: String] = [
    "llm.invocation_parameters": "model_parameters",
    "langfuse.observation.model.parameters": "model_parameters",
    "langfuse.observation.usage_details": "langfuse.observation.usage_details",
    "langfuse.observation.cost_details": "langfuse.observation.cost_details",
    "langfuse.observation.completion_start_time": "langfuse.observation.completion_start_time",
  ]
  static let nestedBytesMax = 64 << 10

  /// Lists of which one value is wanted.
  static let firstOfList: Set<String> = ["gen_ai.response.finish_reasons"]

  /// What people wrote and models answered: beginnings of names, for some have numbers in them.
  private static let content = [
    "gen_ai.input.messages", "gen_ai.output.messages", "gen_ai.system_instructions",
    "gen_ai.tool.definitions", "gen_ai.prompt", "gen_ai.completion", "llm.prompts",
    "llm.completions", "llm.input_messages", "llm.output_messages", "llm.prompt_template",
    "llm.tools", "llm.request.functions", "embedding.embeddings", "embedding.text",
    "input.value", "output.value", "traceloop.entity.input", "traceloop.entity.output",
    "langfuse.observation.input", "langfuse.observation.output", "langfuse.trace.input",
    "langfuse.trace.output", "content",
  ]

  static func isContent(_ key: String) -> Bool {
    content.contains { name in
      key.hasPrefix(name)
        && (key.utf8.count == name.utf8.count || key.utf8.dropFirst(name.utf8.count).first == 0x2e)
    }
  }

  /// What ``SpanFrame`` writes itself: attributes of these names are written below "attributes".
  static let own: Set<String> = [
    "traceId", "spanId", "parentSpanId", "startTimeUnixNano", "endTimeUnixNano",
    "completionStartTime", "status", "error_message", "error_type", "resource", "attributes",
    "model_parameters",
  ]
}
