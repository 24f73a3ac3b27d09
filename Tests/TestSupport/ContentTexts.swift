package import LogPipeline

/// Collects from raw events what people and models wrote: the texts that must be nowhere afterwards.
///
/// It knows the senders' shapes only by the names of keys, so that it shares no table with the code under test.
package struct ContentTexts {
  package private(set) var texts: Set<String> = []
  /// Shorter texts ("x", "user", "stop") stand in any document.
  private static let bytesMin = 12
  private static let contentKeys: Set<String> = [
    "messages", "content", "arguments", "input", "output", "prompt", "text", "message",
    "instructions", "stack_trace", "traceback", "system", "tools", "choices", "description",
    "user_api_key_user_email",
  ]
  /// Parts of OpenTelemetry's attribute names whose values are content.
  private static let attributeParts = [
    "messages", ".content", "prompt", "completion", "input.value", "output.value", "arguments",
    "observation.input", "observation.output", "trace.input", "trace.output",
  ]
  /// Below content, these name a part and hold no text.
  private static let nameKeys: Set<String> = [
    "role", "type", "finish_reason", "id", "model", "name", "object", "status", "mime_type",
  ]

  package init() {}

  package mutating func collect(_ event: JsonValue) { walk(event, isContent: false) }

  private mutating func walk(_ value: JsonValue, isContent: Bool) {
    switch value {
    case .string(let text):
      mailAddresses(in: text)
      if isContent { take(text) }
    case .array(let values):
      for value in values { walk(value, isContent: isContent) }
    case .object(let members):
      if let name = value["key"]?.string, let held = value["value"] {
        return walk(held, isContent: isContent || Self.isContentAttribute(name))
      }
      for (key, value) in members {
        if isContent, Self.nameKeys.contains(key) { continue }
        // A response that is an object has content only where its keys say so; one that is a text is content.
        let isText = if case .string = value { true } else { false }
        let isNamed = Self.contentKeys.contains(key) || key == "response" && isText
        walk(value, isContent: isContent || isNamed)
      }
    default: break
    }
  }

  private static func isContentAttribute(_ name: String) -> Bool {
    attributeParts.contains { name.contains($0) }
      && !["finish_reason", "role", "token", "mime_type"].contains { name.contains($0) }
  }

  /// A text may be JSON that holds further texts.
  private mutating func take(_ text: String) {
    if text.hasPrefix("[") || text.hasPrefix("{"), let inner = try? JsonValue.parse(text) {
      walk(inner, isContent: true)
    }
    if text.utf8.count >= Self.bytesMin { texts.insert(text) }
    guard text.contains("content': '") || text.contains("content='") else { return }
    // Python's notation of messages: what stands in its quotes.
    for part in text.split(separator: "'")
    where part.utf8.count >= Self.bytesMin && part.contains(" ") { texts.insert(String(part)) }
  }

  private mutating func mailAddresses(in text: String) {
    guard text.contains("@") else { return }
    for word in text.split(whereSeparator: { " \"',;:()<>[]{}\\\n".contains($0) })
    where word.dropFirst().dropLast().contains("@") && word.contains(".") {
      var address = word
      while address.last == "." { address.removeLast() }
      texts.insert(String(address))
    }
  }
}
