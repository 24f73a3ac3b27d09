/// Writes a span as an event: one JSON object, with its attributes as members.
enum SpanFrame {
  /// Whether the span is a call of a model.
  static func isCall(_ span: SpanDraft) -> Bool {
    for row in SpanNames.evidence {
      if let word = span.literal(row.attribute) { return row.rule.isCall(word) }
    }
    return false
  }

  /// The same span gives the same bytes: its id comes from them.
  static func write(_ span: SpanDraft, to sink: inout ByteSink) {
    sink.removeAll()
    sink.literal("{")
    var contents = span.contents
    var others: [SpanDraft.Member] = []
    for member in span.attributes {
      if SpanNames.isContent(member.key) {
        contents.append(member)
      } else if SpanNames.own.contains(member.key) {
        others.append(member)
      } else {
        write(member, of: span, to: &sink)
      }
    }
    write(others, as: "attributes", of: span, to: &sink)
    write(contents, as: "content", of: span, to: &sink)
    if !span.resource.isEmpty {
      sink.literal("\"resource\":{")
      sink.raw(span.resource)
      sink.literal("},")
    }
    writeOutcome(of: span, to: &sink)
    write("completionStartTime", span.firstToken ?? 0, to: &sink)
    write("startTimeUnixNano", span.start, to: &sink)
    write("endTimeUnixNano", span.end, to: &sink)
    write("parentSpanId", span.parentSpanId, to: &sink)
    write("spanId", span.spanId, to: &sink)
    // Always there, so that no comma is left at the end.
    sink.literal("\"traceId\":")
    sink.raw(Array("\"\(span.traceId)\"}".utf8))
  }

  /// A status that was not set says that nothing went wrong.
  private static func writeOutcome(of span: SpanDraft, to sink: inout ByteSink) {
    guard span.status == 2 else { return sink.literal("\"status\":\"ok\",") }
    sink.literal("\"status\":\"error\",")
    if let message = span.statusMessage ?? span.exceptionMessage {
      sink.literal("\"error_message\":")
      unsafe sink.raw(span.bytes(message))
      sink.literal(",")
    }
    if let type = span.exceptionType, !span.has("error.type") {
      sink.literal("\"error_type\":")
      unsafe sink.raw(span.bytes(type))
      sink.literal(",")
    }
  }

  private static func write(
    _ member: SpanDraft.Member, of span: SpanDraft, to sink: inout ByteSink
  ) {
    let bytes = unsafe BodyBytes(span.text.bytes)
    if let key = SpanNames.nested[member.key], let value = nested(member.value, in: bytes) {
      write(key: key, to: &sink)
      sink.raw(value)
    } else {
      write(key: member.key, to: &sink)
      let value =
        SpanNames.firstOfList.contains(member.key)
        ? first(of: member.value, in: bytes) : member.value
      unsafe sink.raw(bytes.slice(value))
    }
    sink.literal(",")
  }

  private static func write(
    _ members: [SpanDraft.Member], as key: String, of span: SpanDraft, to sink: inout ByteSink
  ) {
    guard !members.isEmpty else { return }
    write(key: key, to: &sink)
    var mark: StaticString = "{"
    for member in members {
      sink.literal(mark)
      mark = ","
      write(key: member.key, to: &sink)
      unsafe sink.raw(span.bytes(member.value))
    }
    sink.literal("},")
  }

  private static func write(_ key: String, _ nanoseconds: UInt64, to sink: inout ByteSink) {
    guard nanoseconds > 0 else { return }
    write(key: key, to: &sink)
    sink.unsigned(nanoseconds)
    sink.literal(",")
  }

  private static func write(_ key: String, _ literal: String, to sink: inout ByteSink) {
    guard !literal.isEmpty else { return }
    write(key: key, to: &sink)
    sink.raw(Array("\"\(literal)\",".utf8))
  }

  private static func write(key: String, to sink: inout ByteSink) {
    sink.raw(Array("\"\(key)\":".utf8))
  }

  /// The JSON that a text holds, written anew; nil: it holds none.
  private static func nested(_ value: Range<Int>, in bytes: BodyBytes) -> [UInt8]? {
    guard value.count <= SpanNames.nestedBytesMax, JsonScan.literal(value, in: bytes) != nil,
      let text = try? JsonValue.parse("[\(bytes.text(value))]")[0]?.string,
      let inner = try? JsonValue.parse("[\(text)]"), inner.elements?.count == 1
    else { return nil }
    return inner[0].map { Array($0.text.utf8) }
  }

  /// The first element of a list that has one.
  private static func first(of value: Range<Int>, in bytes: BodyBytes) -> Range<Int> {
    guard var rest = JsonScan.inside("[", of: value, in: bytes),
      let element = try? JsonScan.element(in: bytes, &rest)
    else { return value }
    return element
  }
}
