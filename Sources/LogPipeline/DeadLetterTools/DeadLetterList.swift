/// What `dead-letters list` shows: groups of letters of one reason and index.
package struct DeadLetterList: Equatable, Sendable {
  package struct Group: Equatable, Sendable {
    package let index: String
    /// See ``DeadLetterReason``.
    package let reason: String
    package let type: String
    package var count: UInt64 = 0
    /// Of them done with, by now; 0 unless all states are listed.
    package var resolved: UInt64 = 0
    package var first: String
    package var last: String
    /// One of them, to be shown.
    package let exampleId: String
  }
  /// The most letters first.
  package private(set) var groups: [Group] = []
  package private(set) var open: UInt64 = 0
  package private(set) var resolved: UInt64 = 0
  /// Lines that are no dead letters: torn, or edited by hand.
  package private(set) var unreadableLines: UInt64 = 0
  package private(set) var usedBytes: UInt64 = 0
  package let limitBytes: UInt64

  /// - Parameters:
  ///   - book: all letters.
  ///   - selection: which of them.
  ///   - limitBytes: what they may take on disk.
  /// - Throws: ``SystemError`` when a file can not be read.
  package init(
    _ book: DeadLetterBook, _ selection: DeadLetterSelection, limitBytes: UInt64
  ) throws {
    self.limitBytes = limitBytes
    struct Key: Hashable {
      let index: String
      let reason: String
    }
    var places: [Key: Int] = [:]
    unreadableLines = try book.forEach { letter in
      let isResolved = book.outcome(of: letter) != nil
      if isResolved { resolved += 1 } else { open += 1 }
      guard selection.holds(letter, in: book) else { return true }
      let key = Key(
        index: letter.index, reason: DeadLetterReason.shape(letter.type, letter.reason))
      let at = places[key] ?? groups.count
      if at == groups.count {
        places[key] = at
        groups.append(
          Group(
            index: key.index, reason: key.reason, type: letter.type, first: letter.at,
            last: letter.at, exampleId: letter.id))
      }
      groups[at].count += 1
      if isResolved { groups[at].resolved += 1 }
      groups[at].first = min(groups[at].first, letter.at)
      groups[at].last = max(groups[at].last, letter.at)
      return true
    }
    groups.sort { ($1.count, $0.index, $0.reason) < ($0.count, $1.index, $1.reason) }
    usedBytes = try book.files.usedBytes()
  }

  package var json: JsonValue {
    .object([
      ("open", .integer(Int64(open))), ("resolved", .integer(Int64(resolved))),
      ("unreadable_lines", .integer(Int64(unreadableLines))),
      ("used_bytes", .integer(Int64(usedBytes))), ("limit_bytes", .integer(Int64(limitBytes))),
      (
        "groups",
        .array(
          groups.map { group in
            .object([
              ("count", .integer(Int64(group.count))),
              ("resolved", .integer(Int64(group.resolved))), ("first", .string(group.first)),
              ("last", .string(group.last)), ("index", .string(group.index)),
              ("type", .string(group.type)), ("reason", .string(group.reason)),
              ("example_id", .string(group.exampleId)),
            ])
          })
      ),
    ])
  }
}
