/// The webhook port and its limits.
package struct WebhookConfiguration: Sendable {
  /// "127.0.0.1:8088"; port 0 lets the kernel choose.
  package var listen: String
  /// Where events may be posted to.
  package var paths: [String] = ["/v1/events"]
  /// Where spans may be posted to, as OTLP; nil: nowhere.
  package var tracesPath: String? = "/v1/traces"
  /// A body of spans, inflated, in bytes: it is kept whole until all of it was taken.
  package var tracesBytesMax = 16 << 20
  /// Tokens: any one of them lets a request in. None, and none of `hmac` either: everybody may post.
  package var bearer: [WebhookKey] = []
  /// Keys that requests are signed with, under Standard Webhooks.
  package var hmac: [WebhookKey] = []
  /// How far the time of a signed request may lie from ours, either way.
  package var signedAgeMax: Duration = .seconds(300)
  /// A signed body as it comes over the wire, in bytes: it is kept whole until its signature was found right.
  package var signedBytesMax = 16 << 20
  /// How many webhook-ids are remembered, and for how long.
  package var idsMax = 65_536
  package var idsKeep: Duration = .seconds(86_400)
  package var connectionsMax = 256
  /// nil: 64 for each address but those of this machine itself.
  package var connectionsPerAddressMax: Int?
  /// A body as it comes over the wire, in bytes.
  package var wireBytesMax = 64 << 20
  /// A body after inflating, in bytes.
  package var inflatedBytesMax = 256 << 20
  /// Inflated bytes for each wire byte, checked after the first MiB.
  package var inflateRatioMax = 200
  /// All headers of a request. Each connection has room for them, which is zeroed before each request: 64 KiB more of it
  /// cost 4 µs a request.
  package var headerBytesMax = 16 << 10
  package var headersMax = 200
  /// From a connection's start, or its request line, to the end of the headers.
  package var headerTimeMax: Duration = .seconds(10)
  /// A body must come at this rate, once `bodyGrace` is over.
  package var bodyBytesPerSecondMin = 1024
  package var bodyGrace: Duration = .seconds(10)
  /// While the input budget is spent, the body that may go on must keep that rate over each such time: what came fast
  /// before does not count.
  package var stallMax: Duration = .seconds(10)
  /// Between two requests of a connection.
  package var idleMax: Duration = .seconds(60)
  /// How long a request waits for room in the ring before it is answered 503.
  package var roomWaitMax: Duration = .seconds(2)
  /// How long a request waits for its events to be on disk before it is answered 503.
  package var durableWaitMax: Duration = .seconds(10)
  /// A refused request's body up to this size is read first and answered then; over it, the answer comes at once. A
  /// fault found within a body lets so much more of it come than `wireBytesMax`.
  package var discardBytesMax = 16 << 20
  /// How often times and rates are looked at while connections are open.
  package var checkInterval: Duration = .seconds(1)
  /// nil: no event streams.
  package var stream: WebSocketConfiguration? = WebSocketConfiguration()

  /// What libmicrohttpd keeps for a connection: the headers, a record for each, those of the answer, and what one read of
  /// the body brings.
  var connectionMemoryBytes: Int { headerBytesMax + headersMax * 64 + (8 << 10) }

  /// With certificates from ``IntakeConfiguration/tls``.
  package var tls = TlsUse.off

  package init(listen: String = "127.0.0.1:8088") { self.listen = listen }
}
