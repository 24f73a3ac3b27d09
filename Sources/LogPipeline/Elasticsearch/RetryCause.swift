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
