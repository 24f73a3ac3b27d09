/// One span as it is read, its values as JSON: the same for both encodings. Used again for each span of a body.
final class SpanDraft {
  /// The key is as it stands between the quotes of JSON; the value is a place in `text`.
  struct Member {
    let key: String
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

  private var pending: [Member] = []

  private static let firstTokenEvents: Set<String> = [
    "First Token Stream Event", "gen_ai.content.completion.chunk", "llm.content.completion.chunk",
  ]

  /// What became of a text that was written; valid until the next write.
  func bytes(_ value: Range<Int>) -> UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(rebasing: text.bytes[value])
  }

  /// The text of an attribute, as it is escaped; nil: it has none, or it is no text.
  func literal(_ key: StaticString) -> String? {
    let name = key.description
    guard let value = attributes.last(where: { $0.key == name })?.value else { return nil }
    let bytes = unsafe BodyBytes(text.bytes)
    return JsonScan.literal(value, in: bytes).map(bytes.text)
  }

  func has(_ key: String) -> Bool { attributes.contains { $0.key == key } }

  func beginResource() {
    resource = []
    pending = []
    text.removeAll()
  }

  /// Only names that a table knows are kept: the resource stands in each of its spans.
  func endResource() {
    for member in pending
    where SpanNames.resource.contains(member.key) && member.value.count <= SpanNames.nameBytesMax {
      resource += Array(((resource.isEmpty ? "\"" : ",\"") + member.key + "\":").utf8)
      unsafe resource.append(contentsOf: bytes(member.value))
    }
    pending = []
  }

  func beginSpan() {
    (traceId, spanId, parentSpanId) = ("", "", "")
    (start, end, status) = (0, 0, 0)
    (firstToken, statusMessage, exceptionType, exceptionMessage) = (nil, nil, nil, nil)
    attributes.removeAll(keepingCapacity: true)
    contents.removeAll(keepingCapacity: true)
    pending = []
    text.removeAll()
  }

  /// The value is what was written to `text` since `mark`.
  func add(_ key: String, from mark: Int, to owner: Owner) {
    let member = Member(key: key, value: mark..<text.count)
    if owner == .span { attributes.append(member) } else { pending.append(member) }
  }

  func endEvent(name: String, time: UInt64) {
    if Self.firstTokenEvents.contains(name), time > 0 {
      firstToken = min(firstToken ?? time, time)
    }
    for member in pending {
      switch member.key {
      case "exception.type": exceptionType = member.value
      case "exception.message": exceptionMessage = member.value
      default: contents.append(member)
      }
    }
    pending = []
  }
}
