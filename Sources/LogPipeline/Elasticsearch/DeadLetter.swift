/// An event that Elasticsearch will never take, with its reason: one line of the dead letters.
package struct DeadLetter: Equatable, Sendable {
  /// The ring (or replayed file) whose sequences these are, and which of them the event had there.
  package var ring: StreamId
  package var sequence: UInt64
  /// The event was refused as a copy further on in the ring: after a crash it may come again where it was first.
  package var isCopy: Bool
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
    ring: StreamId, sequence: UInt64, isCopy: Bool = false, index: String, id: String, status: Int,
    type: String, reason: String, attempts: Int, atMilliseconds: Int64, document: [UInt8]
  ) {
    self.ring = ring
    self.sequence = sequence
    self.isCopy = isCopy
    self.index = index
    self.id = id
    self.status = status
    self.type = type
    self.reason = reason
    self.attempts = attempts
    self.atMilliseconds = atMilliseconds
    self.document = document
  }

  /// What stands between the head of a line and its document. No string can hold it: a quote in one is escaped.
  static let documentMark = #","document":"#

  /// How a line of this ring begins.
  static func start(of ring: StreamId) -> String { #"{"ring":"\#(ring)","sequence":"# }

  /// One line of JSON with its end. The document comes last, so that it can be taken out byte by byte.
  package var line: [UInt8] {
    let head = """
      \(Self.start(of: ring))\(sequence),\(isCopy ? #""copy":true,"# : "")\
      "index":\(JsonValue.quoted(index)),\
      "_id":\(JsonValue.quoted(id)),"status":\(status),"type":\(JsonValue.quoted(type)),\
      "reason":\(JsonValue.quoted(reason)),"attempts":\(attempts),\
      "at":"\(UtcTime(milliseconds: atMilliseconds).text)"\(Self.documentMark)
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
