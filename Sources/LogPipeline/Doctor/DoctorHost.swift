/// A host that requests go to, or the proxy before it.
package struct DoctorHost: Equatable, Sendable {
  package let url: String
  /// Without port and brackets.
  package let host: String
  package let port: UInt16
  package let isHttps: Bool

  private static let portOfHttps: UInt16 = 443
  private static let portOfHttp: UInt16 = 80

  package init(_ host: ElasticsearchHost) {
    url = host.url
    self.host = host.host
    isHttps = host.isHttps
    let authority = host.url.dropFirst(host.isHttps ? 8 : 7).prefix { $0 != "/" }
    port =
      ListenAddress.hostAndPort(authority, portIsOptional: true)?.port
      ?? (host.isHttps ? Self.portOfHttps : Self.portOfHttp)
  }

  /// "es.example:9200".
  package var place: String { ListenAddress(host: host, port: port).description }
}
