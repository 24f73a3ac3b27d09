/// The signed requests of one intake on their way to disk, and the repeats that wait for them. Confined to the intake's
/// thread.
final class WebhookClaims {
  let ids: WebhookIds
  /// Wholly taken in, oldest first, and the ticket that covers each.
  private var taken: [(message: WebhookMessage, ticket: UInt64)] = []
  /// Repeats, suspended until what they repeat is decided.
  var waiting: [WebhookRequest] = []

  init(ids: WebhookIds) { self.ids = ids }

  /// All of it was taken; it is known once `ticket` is durable, whether or not its client still waits.
  func didTake(_ message: WebhookMessage, ticket: UInt64) { taken.append((message, ticket)) }

  /// All up to the ticket is on disk.
  func settle(durableTicket: UInt64, at now: MonotonicTime) {
    guard let first = taken.first, first.ticket <= durableTicket else { return }
    let ready = taken.prefix { $0.ticket <= durableTicket }
    taken.removeFirst(ready.count)
    for (message, _) in ready { ids.settle(message, at: now) }
  }

  /// Nothing more becomes durable.
  func giveUp() {
    for (message, _) in taken { ids.forget(message) }
    taken = []
  }

  /// The repeats whose original is decided; they wait no more.
  func takeDecided() -> [WebhookRequest] {
    guard !waiting.isEmpty else { return [] }
    let decided = waiting.filter { request in
      request.message.map { !ids.isPending($0) } ?? true
    }
    waiting.removeAll { request in decided.contains { $0 === request } }
    return decided
  }
}
