/// What the intakes of one agent have in common: whatever a sender may find again on another connection, and limits that
/// count for all. Each part is safe from any thread.
package final class IntakeCommon: Sendable {
  /// nil: no input uses TLS.
  let tls: TlsIdentity?
  let webhookIds: WebhookIds
  let streamSenders: WebSocketSenders
  let tcpPlaces: ConnectionPlaces
  let tcpAddresses: AddressCounts
  let webhookAddresses: AddressCounts

  /// Reads the certificate, if an input uses TLS.
  package init(_ configuration: IntakeConfiguration, clock: any Clock) throws(IntakeError) {
    let (tcp, webhook) = (configuration.tcp, configuration.webhook)
    let usesTls = [tcp?.tls, webhook?.tls].contains { $0 ?? .off != .off }
    if usesTls, let wanted = configuration.tls {
      do throws(TlsError) { tls = try TlsIdentity(wanted, clock: clock) } catch {
        throw .tls(error)
      }
    } else {
      tls = nil
    }
    webhookIds = WebhookIds(countMax: webhook?.idsMax ?? 0, keep: webhook?.idsKeep ?? .zero)
    let stream = webhook?.stream
    streamSenders = WebSocketSenders(
      countMax: stream?.sendersMax ?? 0, kept: stream?.senderKept ?? .zero)
    tcpPlaces = ConnectionPlaces(countMax: tcp?.connectionsMax ?? 0)
    tcpAddresses = AddressCounts(perAddressMax: tcp?.connectionsPerAddressMax)
    webhookAddresses = AddressCounts(perAddressMax: webhook?.connectionsPerAddressMax)
  }
}
