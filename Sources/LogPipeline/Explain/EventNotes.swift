/// What was taken out of an event and what was peculiar about it: kinds and counts, never the text.
enum EventNotes {
  static func of(
    _ outcome: EventAccount.Outcome, _ document: JsonValue, _ frame: JsonValue?
  ) -> [String] {
    content(outcome, document, frame) + names(document) + scrubbed(outcome, document)
      + oddities(outcome)
  }

  private static func content(
    _ outcome: EventAccount.Outcome, _ document: JsonValue, _ frame: JsonValue?
  ) -> [String] {
    guard outcome.contentStrings > 0 else { return [] }
    let texts = TextAmount.counted(UInt64(outcome.contentStrings), "text")
    let paths = FieldTable.rows.filter { row in
      row.action == .content && frame.map { JsonPath.holds(row.path, $0) } ?? false
    }.map(\.dottedPath)
    let keys = paths.filter { path in !paths.contains { path.hasPrefix("\($0).") } }
    let known = keys.isEmpty ? "" : "; content by key: \(keys.joined(separator: ", "))"
    let what =
      if document["content"] != nil {
        "kept in content, scrubbed (privacy.content: keep)"
      } else if document["content_hmac"] != nil {
        "left out, of which only a hash is kept (content_hmac)"
      } else {
        "left out (privacy.content: drop)"
      }
    return ["\(texts) \(what)\(known)"]
  }

  private static func names(_ document: JsonValue) -> [String] {
    var paths: [String] = []
    collect(document, "") { path, text in if text == "[REDACTED]" { paths.append(path) } }
    guard !paths.isEmpty else { return [] }
    return [
      "\(TextAmount.counted(UInt64(paths.count), "value")) replaced by [REDACTED], free text or a "
        + "secret where a name was expected: \(paths.joined(separator: ", "))"
    ]
  }

  private static func scrubbed(
    _ outcome: EventAccount.Outcome, _ document: JsonValue
  ) -> [String] {
    guard outcome.counts.scrubbedMatches > 0 else { return [] }
    var kinds: [String: Int] = [:]
    collect(document, "") { _, text in
      for kind in RedactionKind.allCases {
        let count = text.ranges(of: kind.replacement).count
        if count > 0 { kinds[kind.rawValue, default: 0] += count }
      }
    }
    let counted = kinds.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
    return [
      "\(TextAmount.counted(outcome.counts.scrubbedMatches, "place")) in kept text replaced: "
        + counted.joined(separator: ", ")
    ]
  }

  private static func oddities(_ outcome: EventAccount.Outcome) -> [String] {
    let counts = outcome.counts
    var notes: [String] = []
    if counts.arrivalTimed > 0 {
      notes.append(
        "it has no time of its own: that of its arrival is taken, and it gets another _id each time it is sent"
      )
    }
    if counts.timeClamped > 0 {
      notes.append("its time lies too far away: it goes to the index of the day it arrives")
    }
    if counts.repaired > 0 {
      notes.append("a lone surrogate or a number beyond 64 bits was replaced to read it")
    }
    if counts.duplicateKeys > 0 {
      notes.append(
        "\(TextAmount.counted(counts.duplicateKeys, "key")) came twice in one object: the last won")
    }
    if counts.oversized > 0 {
      notes.append("the document was too large: extra, content and error.message were left out")
    }
    if counts.repeatedFrames > 0 {
      notes.append("an equal frame came before it here: it gets an _id of its own")
    }
    return notes
  }

  private static func collect(
    _ value: JsonValue, _ path: String, _ body: (String, String) -> Void
  ) {
    switch value {
    case .string(let text): body(path, text)
    case .array(let elements): for element in elements { collect(element, path, body) }
    case .object(let members):
      for (key, member) in members { collect(member, path.isEmpty ? key : "\(path).\(key)", body) }
    default: break
    }
  }
}
