/// A dead letter as it was read back from its file.
package struct StoredDeadLetter: Sendable {
  package let place: DeadLetterPlace
  package let isCopy: Bool
  package let index: String
  package let status: Int
  package let type: String
  package let reason: String
  package let attempts: Int
  /// When it was refused, e.g. "2026-11-20T23:36:07.843Z"; such texts sort as their times.
  package let at: String
  /// The whole line, without its end.
  package let line: [UInt8]
  /// Where the document is in it, as JSON; a text when it was none.
  private let documentRange: Range<Int>

  package var id: String { place.id }

  /// As it was sent.
  package var document: [UInt8] {
    let written = Array(line[documentRange])
    guard written.first == UInt8(ascii: "\""), let text = (try? JsonValue.parse(written))?.string
    else { return written }
    return Array(text.utf8)
  }

  /// nil when it is no dead letter: torn, or something else.
  ///
  /// - Parameter line: without its end.
  package init?(_ line: ArraySlice<UInt8>) {
    let line = Array(line)
    let mark = Array(DeadLetter.documentMark.utf8)
    guard line.last == UInt8(ascii: "}"), let found = line.firstRange(of: mark),
      found.upperBound < line.count - 1
    else { return nil }
    let range = found.upperBound..<line.count - 1
    guard let head = try? JsonValue.parse(line[..<found.lowerBound] + [UInt8(ascii: "}")]),
      let ring = head["ring"]?.string.flatMap(StreamId.init),
      let sequence = head["sequence"]?.integer, let id = head["_id"]?.string,
      let index = head["index"]?.string, let type = head["type"]?.string,
      let reason = head["reason"]?.string, let at = head["at"]?.string,
      (try? JsonValue.parse(Array(line[range]))) != nil
    else { return nil }
    place = DeadLetterPlace(ring: ring, sequence: UInt64(clamping: sequence), id: id)
    isCopy = head["copy"]?.bool ?? false
    (self.index, self.type, self.reason, self.at) = (index, type, reason, at)
    status = Int(head["status"]?.integer ?? 0)
    attempts = Int(head["attempts"]?.integer ?? 0)
    self.line = line
    documentRange = range
  }
}
