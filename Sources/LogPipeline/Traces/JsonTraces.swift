/// OTLP in JSON: an `ExportTraceServiceRequest` with the names of its JSON form. Members that are not named here are
/// passed over.
struct JsonTraces: TraceReading {
  private let spanBytesMax: Int
  private let bodyBytes: Int
  /// What is left of the lists of resources, scopes and spans; nil: the body was not looked at yet.
  private var resources: Range<Int>?
  private var scopes = 0..<0
  private var spans = 0..<0
  /// Of those lists and what is in them.
  private var ends = BracketEnds(levels: 7)

  private static let depthMax = 40

  init(bodyBytes: Int, spanBytesMax: Int) {
    self.bodyBytes = bodyBytes
    self.spanBytesMax = spanBytesMax
  }

  mutating func next(
    in bytes: BodyBytes, into span: inout SpanDraft
  ) throws(TraceError) -> TraceStep {
    guard var resources else {
      let root = try JsonScan.whole(in: bytes, 0..<bodyBytes, noting: &ends)
      guard let inside = JsonScan.inside("{", of: root, in: bytes) else {
        throw TraceError(place: root.lowerBound, what: "the body is no object")
      }
      self.resources = try Self.list("resourceSpans", of: inside, in: bytes, ends)
      return .none
    }
    if let element = try JsonScan.element(in: bytes, &spans, ends) {
      guard element.count <= spanBytesMax else { return .tooLong(element) }
      do throws(TraceError) {
        try Self.readSpan(element, in: bytes, into: &span)
        return .span(element)
      } catch {
        return .broken(element, error)
      }
    }
    if let scope = try JsonScan.element(in: bytes, &scopes, ends) {
      do throws(TraceError) {
        spans = try Self.list("spans", of: Self.members(of: scope, in: bytes), in: bytes, ends)
        return .none
      } catch {
        return .broken(scope, error)
      }
    }
    guard let element = try JsonScan.element(in: bytes, &resources, ends) else { return .ended }
    self.resources = resources
    do throws(TraceError) {
      var rest = try Self.members(of: element, in: bytes)
      var (resource, scopeSpans): (Range<Int>?, Range<Int>?)
      while let (key, value) = try JsonScan.member(in: bytes, &rest, ends) {
        if bytes.holds("resource", at: key) { resource = value }
        if bytes.holds("scopeSpans", at: key) { scopeSpans = value }
      }
      scopes = try Self.inside("scopeSpans", scopeSpans, in: bytes)
      do throws(TraceError) {
        try Self.read(resource: resource, in: bytes, into: &span)
      } catch {
        // Its spans are good without what it says of them all.
        span.beginResource()
      }
      return .none
    } catch {
      return .broken(element, error)
    }
  }

  private static func members(
    of value: Range<Int>, in bytes: BodyBytes
  ) throws(TraceError) -> Range<Int> {
    guard let inside = JsonScan.inside("{", of: value, in: bytes) else {
      throw TraceError(place: value.lowerBound, what: "this is no object")
    }
    return inside
  }

  private static func member(
    _ name: StaticString, of object: Range<Int>, in bytes: BodyBytes, _ ends: BracketEnds? = nil
  ) throws(TraceError) -> Range<Int>? {
    var found: Range<Int>?
    var rest = object
    while let (key, value) = try JsonScan.member(in: bytes, &rest, ends) {
      if bytes.holds(name, at: key) { found = value }
    }
    return found
  }

  /// The inside of a list; an empty one where there is none.
  private static func list(
    _ name: StaticString, of object: Range<Int>, in bytes: BodyBytes, _ ends: BracketEnds? = nil
  ) throws(TraceError) -> Range<Int> {
    try inside(name, member(name, of: object, in: bytes, ends), in: bytes)
  }

  /// The inside of a list that was found under that name; an empty one where there is none.
  private static func inside(
    _ name: StaticString, _ value: Range<Int>?, in bytes: BodyBytes
  ) throws(TraceError) -> Range<Int> {
    guard let value, !bytes.holds("null", at: value) else { return 0..<0 }
    guard let inside = JsonScan.inside("[", of: value, in: bytes) else {
      throw TraceError(place: value.lowerBound, what: "\(name) is no list")
    }
    return inside
  }

  private static func read(
    resource: Range<Int>?, in bytes: BodyBytes, into span: inout SpanDraft
  ) throws(TraceError) {
    span.beginResource()
    if let resource, let inside = JsonScan.inside("{", of: resource, in: bytes) {
      let attributes = try member("attributes", of: inside, in: bytes)
      try read(attributes: attributes, for: .resource, in: bytes, into: &span)
    }
    span.endResource()
  }

  private static func readSpan(
    _ element: Range<Int>, in bytes: BodyBytes, into span: inout SpanDraft
  ) throws(TraceError) {
    span.beginSpan()
    var rest = try members(of: element, in: bytes)
    var (attributes, events): (Range<Int>?, Range<Int>?)
    while let (key, value) = try JsonScan.member(in: bytes, &rest) {
      if bytes.holds("attributes", at: key) {
        attributes = value
      } else if bytes.holds("events", at: key) {
        events = value
      } else if bytes.holds("traceId", at: key) {
        span.traceId = id(value, in: bytes)
      } else if bytes.holds("spanId", at: key) {
        span.spanId = id(value, in: bytes)
      } else if bytes.holds("parentSpanId", at: key) {
        span.parentSpanId = id(value, in: bytes)
      } else if bytes.holds("startTimeUnixNano", at: key) {
        span.start = number(value, in: bytes) ?? 0
      } else if bytes.holds("endTimeUnixNano", at: key) {
        span.end = number(value, in: bytes) ?? 0
      } else if bytes.holds("status", at: key) {
        try readStatus(value, in: bytes, into: &span)
      }
    }
    try read(attributes: attributes, for: .span, in: bytes, into: &span)
    var list = try inside("events", events, in: bytes)
    while let event = try JsonScan.element(in: bytes, &list) {
      try readEvent(try members(of: event, in: bytes), in: bytes, into: &span)
    }
  }

  private static func readEvent(
    _ members: Range<Int>, in bytes: BodyBytes, into span: inout SpanDraft
  ) throws(TraceError) {
    var rest = members
    var (name, time, attributes): (Range<Int>?, Range<Int>?, Range<Int>?)
    while let (key, value) = try JsonScan.member(in: bytes, &rest) {
      if bytes.holds("name", at: key) { name = value }
      if bytes.holds("timeUnixNano", at: key) { time = value }
      if bytes.holds("attributes", at: key) { attributes = value }
    }
    try read(attributes: attributes, for: .event, in: bytes, into: &span)
    guard let literal = name.flatMap({ JsonScan.literal($0, in: bytes) }),
      SpanDraft.isFirstToken(literal, in: bytes)
    else { return span.endEvent(firstToken: 0) }
    span.endEvent(firstToken: time.flatMap { number($0, in: bytes) } ?? 0)
  }

  private static func readStatus(
    _ value: Range<Int>, in bytes: BodyBytes, into span: inout SpanDraft
  ) throws(TraceError) {
    guard let inside = JsonScan.inside("{", of: value, in: bytes) else { return }
    if let code = try member("code", of: inside, in: bytes) {
      let word = JsonScan.literal(code, in: bytes).map(bytes.text)
      span.status =
        switch word {
        case "STATUS_CODE_OK": 1
        case "STATUS_CODE_ERROR": 2
        default: number(code, in: bytes) ?? 0
        }
    }
    if let message = try member("message", of: inside, in: bytes),
      let text = JsonScan.literal(message, in: bytes), !text.isEmpty
    {
      let mark = span.text.count
      unsafe span.text.raw(bytes.slice(message))
      span.statusMessage = mark..<span.text.count
    }
  }

  private static func read(
    attributes list: Range<Int>?, for owner: SpanDraft.Owner, in bytes: BodyBytes,
    into span: inout SpanDraft
  ) throws(TraceError) {
    var attributes = try inside("attributes", list, in: bytes)
    while let attribute = try JsonScan.element(in: bytes, &attributes) {
      let (key, value) = try pair(attribute, in: bytes)
      let mark = span.text.count
      try write(value, in: bytes, to: &span.text, depth: 0)
      unsafe span.add(bytes.slice(key), from: mark, to: owner)
    }
  }

  /// A `KeyValue`; the value is nil when there is none.
  private static func pair(
    _ element: Range<Int>, in bytes: BodyBytes
  ) throws(TraceError) -> (key: Range<Int>, value: Range<Int>?) {
    var rest = try members(of: element, in: bytes)
    var (name, found): (Range<Int>?, Range<Int>?)
    while let (key, value) = try JsonScan.member(in: bytes, &rest) {
      if bytes.holds("key", at: key) { name = value }
      if bytes.holds("value", at: key) { found = value }
    }
    guard let name = name.flatMap({ JsonScan.literal($0, in: bytes) }) else {
      throw TraceError(place: element.lowerBound, what: "an attribute has no key")
    }
    return (name, found)
  }

  /// An `AnyValue`.
  private static func write(
    _ value: Range<Int>?, in bytes: BodyBytes, to text: inout ByteSink, depth: Int
  ) throws(TraceError) {
    guard depth < depthMax else {
      throw TraceError(place: value?.lowerBound ?? 0, what: "an attribute has too many levels")
    }
    guard let value, var rest = JsonScan.inside("{", of: value, in: bytes) else {
      return text.literal("null")
    }
    while let (key, found) = try JsonScan.member(in: bytes, &rest) {
      if bytes.holds("stringValue", at: key) || bytes.holds("boolValue", at: key)
        || bytes.holds("doubleValue", at: key) || bytes.holds("bytesValue", at: key)
      {
        return unsafe text.raw(bytes.slice(found))
      }
      if bytes.holds("intValue", at: key) {
        // A number of 64 bits stands in quotes.
        let digits = JsonScan.literal(found, in: bytes)
        let isWhole = digits.map { Int64(bytes.text($0)) != nil } ?? false
        return unsafe text.raw(bytes.slice(isWhole ? digits ?? found : found))
      }
      let isMap = bytes.holds("kvlistValue", at: key)
      if isMap || bytes.holds("arrayValue", at: key) {
        return try write(elements: found, isMap: isMap, in: bytes, to: &text, depth: depth)
      }
    }
    text.literal("null")
  }

  private static func write(
    elements value: Range<Int>, isMap: Bool, in bytes: BodyBytes, to text: inout ByteSink,
    depth: Int
  ) throws(TraceError) {
    isMap ? text.literal("{") : text.literal("[")
    var isFirst = true
    let inside = JsonScan.inside("{", of: value, in: bytes)
    var rest =
      try inside.map { (inside) throws(TraceError) in
        try list("values", of: inside, in: bytes)
      } ?? 0..<0
    while let element = try JsonScan.element(in: bytes, &rest) {
      if !isFirst { text.literal(",") }
      isFirst = false
      guard isMap else {
        try write(element, in: bytes, to: &text, depth: depth + 1)
        continue
      }
      let (key, found) = try pair(element, in: bytes)
      text.literal("\"")
      unsafe text.raw(bytes.slice(key))
      text.literal("\":")
      try write(found, in: bytes, to: &text, depth: depth + 1)
    }
    isMap ? text.literal("}") : text.literal("]")
  }

  /// In quotes or not.
  private static func number(_ value: Range<Int>, in bytes: BodyBytes) -> UInt64? {
    UInt64(bytes.text(JsonScan.literal(value, in: bytes) ?? value))
  }

  /// Hexadecimal, in lower case, as protobuf's ids are written; anything else is left as it is.
  private static func id(_ value: Range<Int>, in bytes: BodyBytes) -> String {
    guard let literal = JsonScan.literal(value, in: bytes), literal.count <= SpanNames.nameBytesMax
    else { return "" }
    return bytes.text(literal).lowercased()
  }
}
