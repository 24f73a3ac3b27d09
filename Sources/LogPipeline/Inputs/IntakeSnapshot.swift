/// An intake's counters since its start, as of the end of a loop turn.
package struct IntakeSnapshot: Equatable, Sendable {
  /// Frames found.
  package var offered: UInt64 = 0
  /// Frames whose block is durable.
  package var accepted: UInt64 = 0
  package var refused: UInt64 = 0
  /// Read, neither refused nor durable yet.
  package var inHand: UInt64 { offered &- accepted &- refused }
  /// In the order of `Refusal.Reason.allCases`.
  package var refusedByReason = [UInt64](repeating: 0, count: Refusal.Reason.allCases.count)
  /// Times the sink had no room, so that reading stopped.
  package var pauses: UInt64 = 0
  /// Whether reading stands still now for want of room.
  package var isPaused = false
  /// Bytes of partial lines and bodies held now.
  package var partialBytes: UInt64 = 0

  package var tcpBytes: UInt64 = 0
  package var tcpConnectionsOpen: UInt64 = 0
  package var tcpConnectionsTotal: UInt64 = 0
  /// Connections closed because there were too many, in all or of one address.
  package var tcpOverLimit: UInt64 = 0
  package var tcpOverAddressLimit: UInt64 = 0
  /// Connections that spoke HTTP, TLS or Beats.
  package var tcpWrongProtocol: UInt64 = 0
  /// The same by protocol, in the order of `ProtocolSniffer.Stranger.allCases`.
  package var tcpStrangers = [UInt64](
    repeating: 0, count: ProtocolSniffer.Stranger.allCases.count)
  /// Connections closed for being silent too long.
  package var tcpIdleClosed: UInt64 = 0
  /// Connections closed because they held the spent budget without going on.
  package var tcpStalled: UInt64 = 0
  package var tcpTls = TlsCounters()
  /// The addresses, and the open connections, that sent most: as of the last second.
  package var tcpAddresses: [SenderFigures] = []
  package var tcpSenders: [SenderFigures] = []

  /// Body bytes as they came over the wire.
  package var webhookBytes: UInt64 = 0
  package var webhookConnectionsOpen: UInt64 = 0
  package var webhookConnectionsTotal: UInt64 = 0
  /// Times all connections were taken, so that the next sender had to wait.
  package var webhookAtLimit: UInt64 = 0
  package var webhookOverAddressLimit: UInt64 = 0
  /// Connections closed for slow headers, a slow body, or being idle.
  package var webhookSlowHeaders: UInt64 = 0
  package var webhookSlowBodies: UInt64 = 0
  package var webhookIdleClosed: UInt64 = 0
  /// Connections closed because they held the spent budget without going on.
  package var webhookStalled: UInt64 = 0
  /// Connections closed because a body that was thrown away did not end.
  package var webhookEndless: UInt64 = 0
  /// Connections that ended within a request's head: broken off, or no HTTP.
  package var webhookCutHeads: UInt64 = 0
  /// Clients that left while their answer waited.
  package var webhookAbandoned: UInt64 = 0
  /// Times a body had to wait for others that held the budget.
  package var webhookBudgetWaits: UInt64 = 0
  package var webhookTls = TlsCounters()
  /// Requests answered 403 for want of a client certificate that counts.
  package var webhookCertificatesRefused: UInt64 = 0
  /// Answers by status code.
  package var webhookAnswers: [Int: UInt64] = [:]
  /// Answers other than 200, in the order of `WebhookFault.allCases`.
  package var webhookFaults = [UInt64](repeating: 0, count: WebhookFault.allCases.count)
  /// Spans of traces that are no calls of models: not stored.
  package var spansPassedOver: UInt64 = 0
  /// Signed requests that came before and were not taken again.
  package var webhookDuplicates: UInt64 = 0
  /// Requests whose webhook-id came before with another body: taken.
  package var webhookIdsReused: UInt64 = 0
  /// Webhook-ids remembered now.
  package var webhookIds: UInt64 = 0

  /// Message bytes of streams.
  package var streamBytes: UInt64 = 0
  package var streamsOpen: UInt64 = 0
  package var streamsTotal: UInt64 = 0
  package var streamMessages: UInt64 = 0
  /// Acknowledgements queued, each for one message or many.
  package var streamAcks: UInt64 = 0
  /// Streams that ended, by the code of whoever ended them, "other", or "lost".
  package var streamCloses: [String: UInt64] = [:]
  /// Streams closed for a slow message, for holding the spent budget, for no answer to a ping, for not reading what was sent
  /// to them, and because their sender opened another one.
  package var streamSlow: UInt64 = 0
  package var streamStalled: UInt64 = 0
  package var streamSilent: UInt64 = 0
  package var streamUnread: UInt64 = 0
  package var streamReplaced: UInt64 = 0

  package init() {}

  /// How often each reason for an answer other than 200 came up after `earlier`; those that did not are left out.
  package func faults(since earlier: IntakeSnapshot) -> [String: UInt64] {
    var counts: [String: UInt64] = [:]
    for (index, fault) in WebhookFault.allCases.enumerated() {
      let count = webhookFaults[index] &- earlier.webhookFaults[index]
      if count > 0 { counts[fault.rawValue] = count }
    }
    return counts
  }
}
