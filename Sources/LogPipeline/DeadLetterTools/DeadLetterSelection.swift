/// Which dead letters a command is about.
package struct DeadLetterSelection: Equatable, Sendable {
  /// `_id`s; empty: any.
  package var ids: Set<String>
  /// A part of type or reason, or of the reason as `list` shows it; nil: any.
  package var reason: String?
  /// Also those that are done with.
  package var includesResolved: Bool

  package init(ids: Set<String> = [], reason: String? = nil, includesResolved: Bool = false) {
    (self.ids, self.reason, self.includesResolved) = (ids, reason, includesResolved)
  }

  package func holds(_ letter: StoredDeadLetter, in book: DeadLetterBook) -> Bool {
    if !ids.isEmpty, !ids.contains(letter.id) { return false }
    if let reason {
      let full = "\(letter.type): \(letter.reason)"
      guard
        full.contains(reason) || DeadLetterReason.shape(letter.type, letter.reason).contains(reason)
      else { return false }
    }
    return includesResolved || book.outcome(of: letter) == nil
  }
}
