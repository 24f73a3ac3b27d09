import CYaml

/// Reads one YAML document into a tree, with limits that libyaml leaves to us.
///
/// Refused, each at its place: more than 1 MiB, more than 32 levels, keys given twice, anchors, aliases, tags, keys
/// that are no plain text, more than one document, directives. The levels are counted while reading, and directives
/// are looked for before: libyaml alone needs 12 seconds for 100,000 opening brackets, 10 for 40,000 directives
/// (measured).
package enum YamlDocument {
  package static let bytesMax = 1 << 20
  package static let depthMax = 32

  /// - Returns: nil for a document without content.
  /// - Throws: ``YamlError``.
  package static func parse(_ bytes: [UInt8]) throws(YamlError) -> YamlNode? {
    guard bytes.count <= bytesMax else {
      throw YamlError("\(bytes.count) bytes are more than \(bytesMax) (1 MiB)", at: nil)
    }
    if let line = firstDirective(bytes) {
      throw YamlError("directives (% at a line's start) are not taken", at: line)
    }
    guard let reader = YamlReader(bytes) else {
      throw YamlError("no memory to read it", at: nil)
    }
    return try reader.document()
  }

  package static func parse(_ text: String) throws(YamlError) -> YamlNode? {
    try parse(Array(text.utf8))
  }

  private static func firstDirective(_ bytes: [UInt8]) -> YamlPlace? {
    var line = 1
    var isAtStart = true
    for byte in bytes {
      if isAtStart, byte == UInt8(ascii: "%") { return YamlPlace(line: line, column: 1) }
      isAtStart = byte == 0x0A || byte == 0x0D
      if byte == 0x0A { line += 1 }
    }
    return nil
  }
}

/// libyaml's event parser. On the heap: the parser keeps pointers into itself and into the text.
@safe private final class YamlReader {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let text: UnsafeMutableBufferPointer<UInt8>

  init?(_ bytes: [UInt8]) {
    unsafe parser = .allocate(capacity: 1)
    unsafe parser.initialize(to: yaml_parser_t())
    guard unsafe yaml_parser_initialize(parser) == 1 else {
      unsafe parser.deallocate()
      return nil
    }
    unsafe text = .allocate(capacity: bytes.count)
    _ = unsafe text.initialize(fromContentsOf: bytes)
    unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    unsafe yaml_parser_set_input_string(parser, text.baseAddress, bytes.count)
  }

  deinit {
    unsafe yaml_parser_delete(parser)
    unsafe parser.deallocate()
    unsafe text.deallocate()
  }

  func document() throws(YamlError) -> YamlNode? {
    var root: YamlNode?
    while true {
      let event = try next()
      switch event.kind {
      case .streamStart, .documentEnd: continue
      case .streamEnd: return root
      case .documentStart:
        guard root == nil else {
          throw YamlError("a second document begins here; only one is read", at: event.place)
        }
      default: root = try node(event, depth: 1)
      }
    }
  }

  private func node(_ event: YamlEvent, depth: Int) throws(YamlError) -> YamlNode {
    guard depth <= YamlDocument.depthMax else {
      throw YamlError("more than \(YamlDocument.depthMax) levels", at: event.place)
    }
    switch event.kind {
    case .scalar(let text, let isPlain):
      return YamlNode(.scalar(text, isPlain: isPlain), at: event.place)
    case .sequenceStart:
      var elements: [YamlNode] = []
      while true {
        let inner = try next()
        if inner.kind == .sequenceEnd { return YamlNode(.sequence(elements), at: event.place) }
        elements.append(try node(inner, depth: depth + 1))
      }
    case .mappingStart: return try mapping(event, depth: depth)
    default: throw YamlError("something that does not belong here", at: event.place)
    }
  }

  private func mapping(_ start: YamlEvent, depth: Int) throws(YamlError) -> YamlNode {
    var members: [YamlNode.Member] = []
    var seen: [String: YamlPlace] = [:]
    while true {
      let event = try next()
      if event.kind == .mappingEnd { return YamlNode(.mapping(members), at: start.place) }
      guard case .scalar(let key, _) = event.kind else {
        throw YamlError("a key must be plain text", at: event.place)
      }
      if let first = seen.updateValue(event.place, forKey: key) {
        throw YamlError(
          "the key \(JsonValue.quoted(key)) is given twice, first in line \(first.line)",
          at: event.place)
      }
      let value = try node(try next(), depth: depth + 1)
      members.append(YamlNode.Member(key: key, keyPlace: event.place, value: value))
    }
  }

  private func next() throws(YamlError) -> YamlEvent {
    var raw = unsafe yaml_event_t()
    guard unsafe yaml_parser_parse(parser, &raw) == 1 else { throw failure() }
    defer { unsafe yaml_event_delete(&raw) }
    return try unsafe YamlEvent(raw)
  }

  private func failure() -> YamlError {
    let reason = unsafe parser.pointee.problem.map { unsafe String(cString: $0) } ?? "not YAML"
    let context = unsafe parser.pointee.context.map { unsafe " " + String(cString: $0) } ?? ""
    let isOfBytes = unsafe parser.pointee.error == YAML_READER_ERROR
    let mark = unsafe parser.pointee.problem_mark
    let offset = unsafe parser.pointee.problem_offset
    return YamlError(
      "not YAML: \(reason)\(context)"
        + (isOfBytes
          ? " (byte \(offset); it must be UTF-8)"
          : "; a text with : # [ ] { } , in it needs quotes"),
      at: isOfBytes ? nil : YamlPlace(line: Int(mark.line) + 1, column: Int(mark.column) + 1))
  }
}

/// What we use of a libyaml event.
private struct YamlEvent {
  enum Kind: Equatable {
    case streamStart, streamEnd, documentStart, documentEnd
    case scalar(String, isPlain: Bool)
    case sequenceStart, sequenceEnd, mappingStart, mappingEnd
  }
  let kind: Kind
  let place: YamlPlace

  init(_ raw: yaml_event_t) throws(YamlError) {
    let place = YamlPlace(
      line: unsafe Int(raw.start_mark.line) + 1, column: unsafe Int(raw.start_mark.column) + 1)
    self.place = place
    switch unsafe raw.type {
    case YAML_STREAM_START_EVENT: kind = .streamStart
    case YAML_STREAM_END_EVENT: kind = .streamEnd
    case YAML_DOCUMENT_START_EVENT: kind = .documentStart
    case YAML_DOCUMENT_END_EVENT: kind = .documentEnd
    case YAML_SEQUENCE_END_EVENT: kind = .sequenceEnd
    case YAML_MAPPING_END_EVENT: kind = .mappingEnd
    case YAML_SCALAR_EVENT:
      let scalar = unsafe raw.data.scalar
      try unsafe Self.refuse(anchor: scalar.anchor != nil, tag: scalar.tag != nil, at: place)
      let bytes = unsafe UnsafeBufferPointer(start: scalar.value, count: scalar.length)
      kind = .scalar(
        unsafe String(decoding: bytes, as: UTF8.self),
        isPlain: unsafe scalar.style == YAML_PLAIN_SCALAR_STYLE)
    case YAML_SEQUENCE_START_EVENT:
      let start = unsafe raw.data.sequence_start
      try unsafe Self.refuse(anchor: start.anchor != nil, tag: start.tag != nil, at: place)
      kind = .sequenceStart
    case YAML_MAPPING_START_EVENT:
      let start = unsafe raw.data.mapping_start
      try unsafe Self.refuse(anchor: start.anchor != nil, tag: start.tag != nil, at: place)
      kind = .mappingStart
    case YAML_ALIAS_EVENT:
      throw YamlError("aliases (*name) are not taken; write the value out", at: place)
    default: throw YamlError("something that is no YAML", at: place)
    }
  }

  private static func refuse(anchor: Bool, tag: Bool, at place: YamlPlace) throws(YamlError) {
    if anchor { throw YamlError("anchors (&name) are not taken; write the value out", at: place) }
    if tag { throw YamlError("tags (!name) are not taken", at: place) }
  }
}
