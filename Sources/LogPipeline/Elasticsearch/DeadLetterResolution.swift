/// What became of a dead letter that was sent again: a line of `dead-letters.resolved.ndjson`.
package struct DeadLetterResolution: Equatable, Sendable {
  package enum Outcome: String, Sendable {
    case delivered
    /// A document with its id was there already.
    case duplicate
  }
  package let place: DeadLetterPlace
  package let outcome: Outcome
  /// Another document than the letter's was sent, under the letter's id.
  package let isEdited: Bool
  package let atMilliseconds: Int64

  package init(
    _ place: DeadLetterPlace, _ outcome: Outcome, isEdited: Bool, atMilliseconds: Int64
  ) {
    (self.place, self.outcome) = (place, outcome)
    (self.isEdited, self.atMilliseconds) = (isEdited, atMilliseconds)
  }

  /// One line of JSON with its end.
  var line: [UInt8] {
    Array(
      """
      \(DeadLetter.start(of: place.ring))\(place.sequence),"_id":\(JsonValue.quoted(place.id)),\
      "outcome":"\(outcome.rawValue)","edited":\(isEdited),\
      "at":"\(UtcTime(milliseconds: atMilliseconds).text)"}\n
      """.utf8)
  }

  /// Of a line without its end: which letter it is about, and what became of it. nil when it is none.
  static func parse(_ line: ArraySlice<UInt8>) -> (DeadLetterPlace, Outcome)? {
    guard let found = try? JsonValue.parse(Array(line)),
      let ring = found["ring"]?.string.flatMap(StreamId.init),
      let sequence = found["sequence"]?.integer, let id = found["_id"]?.string,
      let outcome = found["outcome"]?.string.flatMap(Outcome.init)
    else { return nil }
    return (DeadLetterPlace(ring: ring, sequence: UInt64(clamping: sequence), id: id), outcome)
  }
}
