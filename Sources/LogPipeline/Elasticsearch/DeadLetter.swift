/// An event that Elasticsearch will never take, with its reason: one line of the dead letters.
package struct DeadLetter: Equatable, Sendable {
  /// ``StoredBlock/id`` and the sequence of the event: where it was in the ring.
  package var block: UInt64
  package var sequence: UInt64
  package var index: String
  package var id: String
  /// Of the item, or of the whole answer.
  package var status: Int
  package var type: String
  /// Scrubbed of the document's values, at most 512 bytes.
  package var reason: String
  package var attempts: Int
  /// Milliseconds since 1970.
  package var atMilliseconds: Int64
  /// As it was sent, without its line end.
  package var document: [UInt8]

  package init(
    block: UInt64, sequence: UInt64, index: String, id: String, status: Int, type: String,
    reason: String, attempts: Int, atMilliseconds: Int64, document: [UInt8]
  ) {
    self.block = block
    self.sequence = sequence
    self.index = index
    self.id = id
    self.status = status
    self.type = type
    self.reason = reason
    self.attempts = attempts
    self.atMilliseconds = atMilliseconds
    self.document = document
  }

  /// One line of JSON with its end.
  package var line: [UInt8] {
    let head = """
      {"block":\(block),"sequence":\(sequence),"index":\(JsonValue.quoted(index)),\
      "_id":\(JsonValue.quoted(id)),"status":\(status),"type":\(JsonValue.quoted(type)),\
      "reason":\(JsonValue.quoted(reason)),"attempts":\(attempts),\
      "at":"\(UtcTime(milliseconds: atMilliseconds).text)","document":
      """
    var line = Array(head.utf8)
    // The document as it is when it is JSON; it may be the very fault that it is not.
    if (try? JsonValue.parse(document)) != nil, !document.contains(UInt8(ascii: "\n")) {
      line += document
    } else {
      line += JsonValue.quoted(String(decoding: document, as: UTF8.self)).utf8
    }
    return line + Array("}\n".utf8)
  }
}
