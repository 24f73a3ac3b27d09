/// Single requests to the first host that answers: for commands, which have no senders.
package final class ServerConnection {
  private var transport: Transport
  private let hosts: [String]
  /// The one that answered last.
  package private(set) var host: String

  /// - Throws: ``DeliveryError`` for hosts, credentials or certificates that can not be used.
  package init(_ settings: ElasticsearchConfiguration) throws(DeliveryError) {
    hosts = try Hosts.checked(settings.hosts)
    host = hosts[0]
    transport = try Transport(settings, stop: StopSignal(), clock: SystemClock())
  }

  /// Sends to the host that answered before; only to others while none has.
  package func send(_ request: HttpRequest) -> Result<HttpAnswer, TransportFailure> {
    var result = transport.send(request, to: host)
    for other in hosts where other != host {
      // A change that may have been made is not asked for twice.
      guard case .failure(let failure) = result, !failure.mayBeStored || request.method == .get
      else { break }
      host = other
      result = transport.send(request, to: other)
    }
    return result
  }
}
