/// A dead letter on its way to its index once more.
package struct ResentLetter: Sendable {
  package let place: DeadLetterPlace
  package let index: String
  /// The letter's own, or as the operator changed it; the id stays.
  package let document: [UInt8]
  package let isEdited: Bool

  package init(place: DeadLetterPlace, index: String, document: [UInt8], isEdited: Bool) {
    (self.place, self.index, self.document, self.isEdited) = (place, index, document, isEdited)
  }

  /// For the control socket. Documents travel as text, so that not a byte of them changes.
  package var json: JsonValue {
    .object([
      ("ring", .string(place.ring.description)), ("sequence", .integer(Int64(place.sequence))),
      ("_id", .string(place.id)), ("index", .string(index)), ("edited", .bool(isEdited)),
      ("document", .string(String(decoding: document, as: UTF8.self))),
    ])
  }

  package init?(_ json: JsonValue) {
    guard let ring = json["ring"]?.string.flatMap(StreamId.init),
      let sequence = json["sequence"]?.integer, sequence >= 0, let id = json["_id"]?.string,
      let index = json["index"]?.string, let document = json["document"]?.string
    else { return nil }
    self.init(
      place: DeadLetterPlace(ring: ring, sequence: UInt64(sequence), id: id), index: index,
      document: Array(document.utf8), isEdited: json["edited"]?.bool ?? false)
  }

  /// Its lines of a bulk body; nil when it can not be sent: it has no id or index, or its document is none.
  var lines: [UInt8]? {
    guard !place.id.isEmpty, !index.isEmpty, !document.contains(UInt8(ascii: "\n")),
      (try? JsonValue.parse(document))?.members != nil
    else { return nil }
    let action = """
      {"create":{"_index":\(JsonValue.quoted(index)),"_id":\(JsonValue.quoted(place.id))}}\n
      """
    return Array(action.utf8) + document + [UInt8(ascii: "\n")]
  }
}
