/// Writes a span as an event: one JSON object, with its attributes as members.
enum SpanFrame {
  /// Whether the span is a call of a model.
  static func isCall(_ span: borrowing SpanDraft) -> Bool {
    for (index, row) in SpanNames.evidence.enumerated() {
      if let word = span.literal(ofEvidence: index) { return row.rule.isCall(word) }
    }
    return false
  }

  /// The same span gives the same bytes: its id comes from them.
  static func write(_ span: borrowing SpanDraft, to sink: inout ByteSink) {
    sink.removeAll()
    sink.literal("{")
    for member in span.attributes where span.names[member.name].place == .member {
      write(member, of: span, to: &sink)
    }
    writeAttributes(of: span, to: &sink)
    writeContents(of: span, to: &sink)
    if !span.resource.isEmpty {
      sink.literal("\"resource\":{")
      sink.raw(span.resource)
      sink.literal("},")
    }
    writeOutcome(of: span, to: &sink)
    write("\"completionStartTime\":", span.firstToken ?? 0, to: &sink)
    write("\"startTimeUnixNano\":", span.start, to: &sink)
    write("\"endTimeUnixNano\":", span.end, to: &sink)
    write("\"parentSpanId\":", span.parentSpanId, to: &sink)
    write("\"spanId\":", span.spanId, to: &sink)
    // Always there, so that no comma is left at the end.
    sink.literal("\"traceId\":")
    write(quoted: span.traceId, to: &sink)
    sink.literal("}")
  }

  /// A status that was not set says that nothing went wrong.
  private static func writeOutcome(of span: borrowing SpanDraft, to sink: inout ByteSink) {
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
    _ member: SpanDraft.Member, of span: borrowing SpanDraft, to sink: inout ByteSink
  ) {
    let bytes = unsafe BodyBytes(span.text.bytes)
    let name = span.names[member.name]
    if let key = name.nestedKey, let value = nested(member.value, in: bytes) {
      sink.raw(key)
      sink.raw(value)
    } else {
      sink.raw(name.key)
      let value = name.isFirstOfList ? first(of: member.value, in: bytes) : member.value
      unsafe sink.raw(bytes.slice(value))
    }
    sink.literal(",")
  }

  /// Those whose names this event has for something else.
  private static func writeAttributes(of span: borrowing SpanDraft, to sink: inout ByteSink) {
    let mark = sink.count
    sink.literal("\"attributes\":{")
    let first = sink.count
    for member in span.attributes where span.names[member.name].place == .attributes {
      writeAsItIs(member, of: span, to: &sink)
    }
    close(openedAt: mark, firstMemberAt: first, in: &sink)
  }

  /// What people and models said: first in the span's events, then in its attributes.
  private static func writeContents(of span: borrowing SpanDraft, to sink: inout ByteSink) {
    let mark = sink.count
    sink.literal("\"content\":{")
    let first = sink.count
    for member in span.contents { writeAsItIs(member, of: span, to: &sink) }
    for member in span.attributes where span.names[member.name].place == .content {
      writeAsItIs(member, of: span, to: &sink)
    }
    close(openedAt: mark, firstMemberAt: first, in: &sink)
  }

  private static func close(openedAt mark: Int, firstMemberAt first: Int, in sink: inout ByteSink) {
    sink.closeObject(openedAt: mark, firstMemberAt: first)
    if sink.count > mark { sink.literal(",") }
  }

  private static func writeAsItIs(
    _ member: SpanDraft.Member, of span: borrowing SpanDraft, to sink: inout ByteSink
  ) {
    sink.raw(span.names[member.name].key)
    unsafe sink.raw(span.bytes(member.value))
    sink.literal(",")
  }

  private static func write(
    _ key: StaticString, _ nanoseconds: UInt64, to sink: inout ByteSink
  ) {
    guard nanoseconds > 0 else { return }
    sink.literal(key)
    sink.unsigned(nanoseconds)
    sink.literal(",")
  }

  private static func write(_ key: StaticString, _ literal: String, to sink: inout ByteSink) {
    guard !literal.isEmpty else { return }
    sink.literal(key)
    write(quoted: literal, to: &sink)
    sink.literal(",")
  }

  private static func write(quoted literal: String, to sink: inout ByteSink) {
    sink.literal("\"")
    var literal = literal
    literal.withUTF8 { unsafe sink.raw(UnsafeRawBufferPointer($0)) }
    sink.literal("\"")
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
