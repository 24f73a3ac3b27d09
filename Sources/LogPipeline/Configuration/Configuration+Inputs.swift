extension Configuration {
  package struct Inputs: Equatable, Sendable {
    package var tcp = Tcp()
    package var webhook = Webhook()
    /// All partial input of all connections together.
    package var budgetBytes = 24 << 20
    package var jsonDepthMax = 32
    /// Keys of one event, on all its levels.
    package var keysMax = 2000
    /// A larger document, after redaction, loses `extra` and free text.
    package var eventBytesMax = 256 << 10
    /// `refused.ndjson` before it is rotated.
    package var refusedBytesMax = 64 << 20
  }

  package struct Tcp: Equatable, Sendable {
    /// nil: off.
    package var listen: ListenAddress? = ListenAddress(host: "127.0.0.1", port: 5044)
    /// A longer line is refused.
    package var lineBytesMax = 4 << 20
    package var connectionsMax = 1024
    /// nil: 64 for each address but those of this machine itself.
    package var connectionsPerAddressMax: Int?
    /// A connection that sends nothing for so long is closed; nil: never. A sender over TCP gets no answer, so what it
    /// sends into a connection that was just closed would be lost.
    package var idle: Duration?
  }

  package struct Webhook: Equatable, Sendable {
    /// nil: off.
    package var listen: ListenAddress? = ListenAddress(host: "127.0.0.1", port: 8088)
    package var paths = ["/v1/events"]
    /// Any of them opens the door; none: no token is asked for.
    package var bearer: [Secret] = []
    /// Of a body as it comes over the wire.
    package var bodyBytesMax = 64 << 20
    package var inflatedBytesMax = 256 << 20
    /// Inflated bytes to each byte of the wire.
    package var ratioMax = 200
    package var headerBytesMax = 64 << 10
    package var headersMax = 200
    package var connectionsMax = 256
    /// nil: 64 for each address but those of this machine itself.
    package var connectionsPerAddressMax: Int?
    /// Until the last header has come.
    package var headerTime: Duration = .seconds(10)
    /// Bytes a second; a body that comes slower is cut off.
    package var bodyRateBytesMin = 1 << 10
    /// Between two requests of a connection.
    package var idle: Duration = .seconds(60)
    /// Where an event stream is opened over WebSocket; nil: nowhere.
    package var streamPath: String? = "/v1/stream"
    /// A client silent for so long is pinged, and closed when it stays silent for as long again.
    package var streamPing: Duration = .seconds(20)
    /// A message of a stream.
    package var streamMessageBytesMax = 16 << 20
  }
}
