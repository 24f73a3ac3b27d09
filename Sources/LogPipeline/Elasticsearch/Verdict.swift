/// What is to be done after an attempt.
enum Verdict: Equatable {
  /// Each item is stored.
  case allDelivered
  /// One verdict an item, by position.
  case items([ItemVerdict])
  /// Nothing is known or nothing was taken: all items again.
  case again(cause: RetryCause, error: ItemError?, wait: Duration?, mayBeStored: Bool)
  /// One of the items spoils the request: find it.
  case bisect(ItemError)
  /// The body is over a limit of the server or of a proxy.
  case tooLarge
  /// Nobody but the operator can mend it.
  case pause(ItemError)
  /// The agent is being stopped.
  case aborted(mayBeStored: Bool)
}

/// What is to be done with one item.
enum ItemVerdict: Equatable {
  case delivered
  /// A document with its id is there.
  case conflict
  case retry(RetryCause)
  case dead(ItemError)
  /// Its index takes nothing now: keep it, try slowly, tell the operator.
  case park(ItemError)
  /// Refused together with others for the fault of one: send it again in a small request.
  case isolate(ItemError)
}

/// Why something is sent again; the names are those of the metrics.
package enum RetryCause: String, CaseIterable, Sendable {
  case tooManyRequests = "too_many_requests"
  case serverError = "server_error"
  case unavailable, timeout, reset, refused, unresolved
  case closedWithoutAnswer = "closed_without_answer"
  case unreadableAnswer = "unreadable_answer"
  case itemCountWrong = "item_count_wrong"
  case unexpectedStatus = "unexpected_status"
  case tls
  case bisected, tooLarge = "too_large", parked, paused
  case conflictAfterUnclear = "conflict_after_unclear"
}
