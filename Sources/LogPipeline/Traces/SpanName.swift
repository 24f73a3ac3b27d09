/// The name of an attribute, and what it says: the spans of a body have the same ones, so this is worked out once.
struct SpanName {
  /// Where its attribute goes in the event.
  enum Place { case member, attributes, content }

  /// As it came: between the quotes of JSON, and so escaped.
  let raw: [UInt8]
  let text: String
  /// As the key of a member, with quotes and colon.
  let key: [UInt8]
  let place: Place
  /// The first of the rows that show whether a span is a call of a model and look for it.
  let evidence: Int?
  /// The key under which the JSON in its text is written.
  let nestedKey: [UInt8]?
  let isFirstOfList: Bool
  let isOfResource: Bool

  init(_ raw: UnsafeRawBufferPointer) {
    unsafe self.raw = Array(raw)
    let text = unsafe String(decoding: raw, as: UTF8.self)
    self.text = text
    key = Self.key(text)
    place =
      SpanNames.isContent(text)
      ? .content : SpanNames.own.contains(text) ? .attributes : .member
    evidence = SpanNames.evidence.firstIndex { $0.attribute == text }
    nestedKey = SpanNames.nested[text].map(Self.key)
    isFirstOfList = SpanNames.firstOfList.contains(text)
    isOfResource = SpanNames.resource.contains(text)
  }

  private static func key(_ text: String) -> [UInt8] { Array("\"\(text)\":".utf8) }
}
