import LogPipeline

/// OTLP/JSON bodies as exporters send them: a resource, a scope, and a batch of calls of models with their messages.
enum SpanBodies {
  static let spansPerBody = 50

  /// One body, with 64 bytes behind it that may be read.
  static func body() -> [UInt8] {
    let spans = (0..<spansPerBody).map { JsonValue.object(span($0)) }
    let scope: JsonValue = .object([
      (
        "scope",
        .object([("name", .string("opentelemetry.instrumentation.openai.v1"))])
      ), ("spans", .array(spans)),
    ])
    let body: JsonValue = .object([
      (
        "resourceSpans",
        .array([
          .object([
            ("resource", .object([("attributes", .array(resource))])),
            ("scopeSpans", .array([scope])),
          ])
        ])
      )
    ])
    return Array(body.text.utf8)
  }

  private static let resource: [JsonValue] = [
    text("telemetry.sdk.language", "python"), text("telemetry.sdk.name", "opentelemetry"),
    text("service.name", "relay-client"), text("deployment.environment.name", "staging"),
  ]

  private static func span(_ index: Int) -> [(key: String, value: JsonValue)] {
    let start = 1_795_217_816_420_391_300 + index * 1_000_003
    return [
      ("traceId", .string("c52f7a9a3b8fc91c1c3c1b2ab0b19\(100 + index)")),
      ("spanId", .string("85b998e7be64b\(100 + index)")), ("name", .string("openai.chat")),
      ("kind", .string("SPAN_KIND_CLIENT")), ("startTimeUnixNano", .string("\(start)")),
      ("endTimeUnixNano", .string("\(start + 27_066_150)")),
      ("attributes", .array(attributes(index))),
      (
        "events",
        .array(
          (1...5).map {
            .object([
              ("timeUnixNano", .string("\(start + $0 * 1_000_000)")),
              ("name", .string("gen_ai.content.completion.chunk")),
            ])
          })
      ),
      ("status", .object([("code", .string("STATUS_CODE_OK"))])), ("flags", .integer(256)),
    ]
  }

  private static func attributes(_ index: Int) -> [JsonValue] {
    let question = String(repeating: "A question about \"billing\" and its answer. ", count: 4)
    return [
      text("gen_ai.operation.name", "chat"), text("gen_ai.provider.name", "openai"),
      text("gen_ai.request.model", "gpt-4.1"), whole("gen_ai.request.max_tokens", 256),
      attribute("gen_ai.request.temperature", ("doubleValue", .number(0.2))),
      attribute("gen_ai.is_streaming", ("boolValue", .bool(true))),
      text("gen_ai.openai.api_base", "https://upstream.example/v1/"),
      text(
        "gen_ai.input.messages",
        #"[{"role": "user", "parts": [{"content": "\#(question)", "type": "text"}]}]"#),
      text("gen_ai.response.model", "gpt-4.1"),
      text("gen_ai.response.id", "chatcmpl-94n0gqmoo78yw7lvm2n43uw57\(100 + index)"),
      attribute(
        "gen_ai.response.finish_reasons",
        ("arrayValue", .object([("values", .array([.object([("stringValue", .string("stop"))])]))]))
      ),
      whole("gen_ai.usage.total_tokens", 4490 + index), whole("gen_ai.usage.output_tokens", 787),
      whole("gen_ai.usage.input_tokens", 3703 + index),
      whole("gen_ai.usage.cache_read.input_tokens", 2688),
      text(
        "gen_ai.output.messages",
        #"[{"role": "assistant", "parts": [{"content": "Short.", "type": "text"}]}]"#),
    ]
  }

  private static func text(_ key: String, _ value: String) -> JsonValue {
    attribute(key, ("stringValue", .string(value)))
  }

  /// 64 bits stand in quotes.
  private static func whole(_ key: String, _ value: Int) -> JsonValue {
    attribute(key, ("intValue", .string("\(value)")))
  }

  private static func attribute(_ key: String, _ value: (key: String, value: JsonValue))
    -> JsonValue
  {
    .object([("key", .string(key)), ("value", .object([value]))])
  }
}
