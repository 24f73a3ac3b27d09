extension IntakeSnapshot {
  /// Of all intakes of an agent together.
  package static func sum(_ parts: [IntakeSnapshot]) -> IntakeSnapshot {
    guard var sum = parts.first, parts.count > 1 else { return parts.first ?? IntakeSnapshot() }
    for part in parts.dropFirst() { sum.add(part) }
    // One memory for all, whose size each of them tells.
    sum.webhookIds = parts.map(\.webhookIds).max() ?? 0
    sum.tcpAddresses = SenderFigures.merged(parts.map(\.tcpAddresses))
    sum.tcpSenders = SenderFigures.merged(parts.map(\.tcpSenders))
    return sum
  }

  private mutating func add(_ other: IntakeSnapshot) {
    for count in Self.counts { self[keyPath: count] &+= other[keyPath: count] }
    for index in refusedByReason.indices {
      refusedByReason[index] &+= other.refusedByReason[index]
    }
    for index in webhookFaults.indices { webhookFaults[index] &+= other.webhookFaults[index] }
    for index in tcpStrangers.indices { tcpStrangers[index] &+= other.tcpStrangers[index] }
    webhookAnswers.merge(other.webhookAnswers) { $0 &+ $1 }
    streamCloses.merge(other.streamCloses) { $0 &+ $1 }
    isPaused = isPaused || other.isPaused
    tcpTls.add(other.tcpTls)
    webhookTls.add(other.webhookTls)
  }

  /// All plain numbers that add up.
  package static var counts: [WritableKeyPath<IntakeSnapshot, UInt64>] {
    [
      \.offered, \.accepted, \.refused, \.pauses, \.partialBytes, \.tcpBytes,
      \.tcpConnectionsOpen, \.tcpConnectionsTotal, \.tcpOverLimit, \.tcpOverAddressLimit,
      \.tcpWrongProtocol, \.tcpIdleClosed, \.tcpStalled, \.webhookBytes,
      \.webhookConnectionsOpen, \.webhookConnectionsTotal, \.webhookAtLimit,
      \.webhookOverAddressLimit, \.webhookSlowHeaders, \.webhookSlowBodies, \.webhookIdleClosed,
      \.webhookStalled, \.webhookEndless, \.webhookCutHeads, \.webhookAbandoned,
      \.webhookBudgetWaits, \.webhookCertificatesRefused, \.webhookDuplicates,
      \.webhookIdsReused, \.spansPassedOver, \.streamBytes, \.streamsOpen, \.streamsTotal,
      \.streamMessages,
      \.streamAcks, \.streamSlow, \.streamStalled, \.streamSilent, \.streamUnread,
      \.streamReplaced,
    ]
  }
}
