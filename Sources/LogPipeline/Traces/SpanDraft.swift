/// One span as it is read, its values as JSON: the same for both encodings. Used again for each span of a body.
struct SpanDraft: ~Copyable {
  /// A place in `names`, and one in `text`.
  struct Member {
    let name: Int
    let value: Range<Int>
  }
  /// Whose attributes are read.
  enum Owner { case resource, span, event }

  /// In lower-case hexadecimal.
  var traceId = ""
  var spanId = ""
  var parentSpanId = ""
  /// Nanoseconds since 1970; 0: not said.
  var start: UInt64 = 0
  var end: UInt64 = 0
  /// When a stream brought its first piece.
  private(set) var firstToken: UInt64?
  /// 0: not said, 1: all went well, 2: it failed.
  var status: UInt64 = 0
  var statusMessage: Range<Int>?
  private(set) var exceptionType: Range<Int>?
  private(set) var exceptionMessage: Range<Int>?
  private(set) var attributes: [Member] = []
  /// Attributes of its events: people's and models' words, and traces.
  private(set) var contents: [Member] = []
  /// The inside of a JSON object.
  private(set) var resource: [UInt8] = []
  /// Where values are written.
  var text = ByteSink(capacity: 4 << 10)
  private(set) var names = SpanNameTable()

  private var pending: [Member] = []

  private static let firstTokenEvents: [StaticString] = [
    "First Token Stream Event", "gen_ai.content.completion.chunk", "llm.content.completion.chunk",
  ]

  /// What became of a text that was written; valid until the next write.
  func bytes(_ value: Range<Int>) -> UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(rebasing: text.bytes[value])
  }

  /// The text of an attribute that an evidence row looks for, as it is escaped; nil: it has none, or it is no text.
  func literal(ofEvidence row: Int) -> String? {
    guard let value = attributes.last(where: { names[$0.name].evidence == row })?.value else {
      return nil
    }
    let bytes = unsafe BodyBytes(text.bytes)
    return JsonScan.literal(value, in: bytes).map(bytes.text)
  }

  func has(_ key: String) -> Bool { attributes.contains { names[$0.name].text == key } }

  mutating func beginResource() {
    resource = []
    pending = []
    names.beginSpan()
    text.removeAll()
  }

  /// Only names that a table knows are kept: the resource stands in each of its spans.
  mutating func endResource() {
    for member in pending
    where names[member.name].isOfResource && member.value.count <= SpanNames.nameBytesMax {
      if !resource.isEmpty { resource.append(UInt8(ascii: ",")) }
      resource += names[member.name].key
      unsafe resource.append(contentsOf: bytes(member.value))
    }
    pending = []
  }

  mutating func beginSpan() {
    (traceId, spanId, parentSpanId) = ("", "", "")
    (start, end, status) = (0, 0, 0)
    (firstToken, statusMessage, exceptionType, exceptionMessage) = (nil, nil, nil, nil)
    attributes.removeAll(keepingCapacity: true)
    contents.removeAll(keepingCapacity: true)
    pending.removeAll(keepingCapacity: true)
    names.beginSpan()
    text.removeAll()
  }

  /// The key is as it stands between the quotes of JSON; the value is what was written to `text` since `mark`.
  mutating func add(_ key: UnsafeRawBufferPointer, from mark: Int, to owner: Owner) {
    let member = Member(name: unsafe names.place(of: key), value: mark..<text.count)
    if owner == .span { attributes.append(member) } else { pending.append(member) }
  }

  /// Whether the time of an event of that name is asked for.
  static func isFirstToken(_ name: Range<Int>, in bytes: BodyBytes) -> Bool {
    firstTokenEvents.contains { bytes.holds($0, at: name) }
  }

  /// `firstToken`: when the first piece of a stream came, if it is that event; else 0.
  mutating func endEvent(firstToken time: UInt64) {
    if time > 0 { firstToken = min(firstToken ?? time, time) }
    for member in pending {
      switch names[member.name].text {
      case "exception.type": exceptionType = member.value
      case "exception.message": exceptionMessage = member.value
      default: contents.append(member)
      }
    }
    pending.removeAll(keepingCapacity: true)
  }
}
