/// OTLP in protobuf: an `ExportTraceServiceRequest`. Fields that are not named here are passed over.
struct ProtobufTraces: TraceReading {
  private let spanBytesMax: Int
  /// What is left of the request, of its resource's spans, and of one scope's.
  private var request: Range<Int>
  private var resourceSpans = 0..<0
  private var scopeSpans = 0..<0

  /// Lists within lists of an attribute; an event may have fewer levels than that.
  private static let depthMax = 40

  init(bodyBytes: Int, spanBytesMax: Int) {
    request = 0..<bodyBytes
    self.spanBytesMax = spanBytesMax
  }

  mutating func next(
    in bytes: BodyBytes, into span: inout SpanDraft
  ) throws(TraceError) -> TraceStep {
    if let (number, value) = try ProtobufScan.next(in: bytes, &scopeSpans) {
      guard number == 2, case .bytes(let range) = value else { return .none }
      guard range.count <= spanBytesMax else { return .tooLong(range) }
      do throws(TraceError) {
        try Self.readSpan(range, in: bytes, into: &span)
        return .span(range)
      } catch {
        return .broken(range, error)
      }
    }
    if let (number, value) = try ProtobufScan.next(in: bytes, &resourceSpans) {
      if number == 2, case .bytes(let range) = value { scopeSpans = range }
      return .none
    }
    guard let (number, value) = try ProtobufScan.next(in: bytes, &request) else { return .ended }
    if number == 1, case .bytes(let range) = value {
      do throws(TraceError) {
        try Self.readResource(of: range, in: bytes, into: &span)
      } catch {
        // Its spans are good without what it says of them all.
        span.beginResource()
      }
      resourceSpans = range
    }
    return .none
  }

  /// The resource may stand behind its spans.
  private static func readResource(
    of range: Range<Int>, in bytes: BodyBytes, into span: inout SpanDraft
  ) throws(TraceError) {
    span.beginResource()
    var rest = range
    while let (number, value) = try ProtobufScan.next(in: bytes, &rest) {
      guard number == 1, case .bytes(var resource) = value else { continue }
      while let (number, value) = try ProtobufScan.next(in: bytes, &resource) {
        guard number == 1, case .bytes(let attribute) = value else { continue }
        try readAttribute(attribute, of: .resource, in: bytes, into: &span)
      }
    }
    span.endResource()
  }

  private static func readSpan(
    _ range: Range<Int>, in bytes: BodyBytes, into span: inout SpanDraft
  ) throws(TraceError) {
    span.beginSpan()
    var rest = range
    while let (number, value) = try ProtobufScan.next(in: bytes, &rest) {
      switch (number, value) {
      case (1, .bytes(let id)): span.traceId = hex(id, in: bytes)
      case (2, .bytes(let id)): span.spanId = hex(id, in: bytes)
      case (4, .bytes(let id)): span.parentSpanId = hex(id, in: bytes)
      case (7, .fixed64(let time)): span.start = time
      case (8, .fixed64(let time)): span.end = time
      case (9, .bytes(let attribute)):
        try readAttribute(attribute, of: .span, in: bytes, into: &span)
      case (11, .bytes(let event)): try readEvent(event, in: bytes, into: &span)
      case (15, .bytes(let status)): try readStatus(status, in: bytes, into: &span)
      default: break
      }
    }
  }

  private static func readEvent(
    _ range: Range<Int>, in bytes: BodyBytes, into span: inout SpanDraft
  ) throws(TraceError) {
    var (isFirstToken, time): (Bool, UInt64) = (false, 0)
    var rest = range
    while let (number, value) = try ProtobufScan.next(in: bytes, &rest) {
      switch (number, value) {
      case (1, .fixed64(let given)): time = given
      case (2, .bytes(let name)) where name.count <= SpanNames.nameBytesMax:
        isFirstToken = SpanDraft.isFirstToken(name, in: bytes)
      case (3, .bytes(let attribute)):
        try readAttribute(attribute, of: .event, in: bytes, into: &span)
      default: break
      }
    }
    span.endEvent(firstToken: isFirstToken ? time : 0)
  }

  private static func readStatus(
    _ range: Range<Int>, in bytes: BodyBytes, into span: inout SpanDraft
  ) throws(TraceError) {
    var rest = range
    while let (number, value) = try ProtobufScan.next(in: bytes, &rest) {
      switch (number, value) {
      case (2, .bytes(let message)) where !message.isEmpty:
        let mark = span.text.count
        unsafe span.text.string(bytes.slice(message), isPlain: false)
        span.statusMessage = mark..<span.text.count
      case (3, .varint(let code)): span.status = code
      default: break
      }
    }
  }

  private static func readAttribute(
    _ range: Range<Int>, of owner: SpanDraft.Owner, in bytes: BodyBytes, into span: inout SpanDraft
  ) throws(TraceError) {
    let (key, value) = try pair(range, in: bytes)
    var name = literal(key, in: bytes)
    let mark = span.text.count
    try write(value, in: bytes, to: &span.text, depth: 0)
    name.withUTF8 { unsafe span.add(UnsafeRawBufferPointer($0), from: mark, to: owner) }
  }

  /// A `KeyValue`.
  private static func pair(
    _ range: Range<Int>, in bytes: BodyBytes
  ) throws(TraceError) -> (key: Range<Int>, value: Range<Int>) {
    var (key, found) = (0..<0, 0..<0)
    var rest = range
    while let (number, value) = try ProtobufScan.next(in: bytes, &rest) {
      switch (number, value) {
      case (1, .bytes(let text)): key = text
      case (2, .bytes(let any)): found = any
      default: break
      }
    }
    return (key, found)
  }

  /// An `AnyValue`; of several the last one counts, and none at all is null.
  private static func write(
    _ range: Range<Int>, in bytes: BodyBytes, to text: inout ByteSink, depth: Int
  ) throws(TraceError) {
    guard depth < depthMax else {
      throw TraceError(place: range.lowerBound, what: "an attribute has too many levels")
    }
    let mark = text.count
    text.literal("null")
    var rest = range
    while let (number, value) = try ProtobufScan.next(in: bytes, &rest) {
      guard (1...7).contains(number) else { continue }
      text.rollBack(to: mark)
      switch (number, value) {
      case (1, .bytes(let string)): unsafe text.string(bytes.slice(string), isPlain: false)
      case (2, .varint(let flag)): flag == 0 ? text.literal("false") : text.literal("true")
      case (3, .varint(let whole)): text.integer(Int64(bitPattern: whole))
      case (4, .fixed64(let bits)): write(Double(bitPattern: bits), to: &text)
      case (5, .bytes(let list)), (6, .bytes(let list)):
        try write(elements: list, isMap: number == 6, in: bytes, to: &text, depth: depth)
      case (7, .bytes(let blob)):
        let digits = hex(blob, in: bytes)
        text.raw(Array("\"\(digits)\"".utf8))
      default: throw TraceError(place: range.lowerBound, what: "a value is not of its type")
      }
    }
  }

  private static func write(
    elements range: Range<Int>, isMap: Bool, in bytes: BodyBytes, to text: inout ByteSink,
    depth: Int
  ) throws(TraceError) {
    isMap ? text.literal("{") : text.literal("[")
    var isFirst = true
    var rest = range
    while let (number, value) = try ProtobufScan.next(in: bytes, &rest) {
      guard number == 1, case .bytes(let element) = value else { continue }
      if !isFirst { text.literal(",") }
      isFirst = false
      guard isMap else {
        try write(element, in: bytes, to: &text, depth: depth + 1)
        continue
      }
      let (key, found) = try pair(element, in: bytes)
      unsafe text.string(bytes.slice(key), isPlain: false)
      text.literal(":")
      try write(found, in: bytes, to: &text, depth: depth + 1)
    }
    isMap ? text.literal("}") : text.literal("]")
  }

  /// JSON has no word for what is no number.
  private static func write(_ number: Double, to text: inout ByteSink) {
    if number.isFinite {
      text.double(number)
    } else {
      text.raw(Array("\"\(number)\"".utf8))
    }
  }

  private static func hex(_ range: Range<Int>, in bytes: BodyBytes) -> String {
    unsafe String(decoding: HexText.of(Array(bytes.slice(range))[...]), as: UTF8.self)
  }

  /// As it stands between the quotes of JSON.
  private static func literal(_ range: Range<Int>, in bytes: BodyBytes) -> String {
    String(JsonValue.quoted(bytes.text(range)).dropFirst().dropLast())
  }
}
