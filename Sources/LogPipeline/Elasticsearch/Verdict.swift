/// What is to be done after an attempt.
package enum Verdict: Equatable {
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
