/// How long each step of a request may take, in one place.
package enum TransportTimes {
  /// To a connection, TLS included.
  package static let connect = Duration.seconds(5)
  /// Without a byte in either direction. Elasticsearch says nothing while it works on a request, so this bounds that too;
  /// what it stored meanwhile is found out by the 409 of the next try.
  package static let idle = Duration.seconds(30)
  /// For a probe of a host that failed, while another host takes requests.
  package static let probe = Duration.seconds(10)
  /// The slowest network a body is meant to pass.
  package static let bytesPerSecondLeast = 64 << 10

  /// How long an address found for a name is believed, and how long a connection is used.
  package static let name = Duration.seconds(30)
  package static let connection = Duration.seconds(300)

  /// For the whole exchange: `base`, and what the body takes on the slowest network.
  package static func whole(base: Duration, bodyBytes: Int) -> Duration {
    base + .milliseconds(Int64(bodyBytes) * 1000 / Int64(bytesPerSecondLeast))
  }
}
