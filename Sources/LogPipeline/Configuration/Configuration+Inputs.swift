extension Configuration {
  package struct Inputs: Equatable, Sendable {
    package var tls = Tls()
    package var tcp = Tcp()
    package var webhook = Webhook()
    package var follow = Follow()
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

  /// One certificate for TCP and the webhook.
  package struct Tls: Equatable, Sendable {
    /// PEM, our own first, then those up to the authority; nil: no TLS.
    package var certificateFile: String?
    package var keyFile: String?
    /// nil: senders need no certificate.
    package var clientCaFile: String?
    package var versionMin = TlsSettings.Version.tls12
    package var handshakeTime: Duration = .seconds(10)
    /// Of each port at a time.
    package var handshakesMax = 128

    /// `auto`: mutual where there is a `client_ca`, else on where there is a certificate, else off.
    package enum Choice: String, CaseIterable, Sendable { case auto, off, on, mutual }

    /// nil: no certificate is given.
    var settings: TlsSettings? {
      guard let certificateFile, let keyFile else { return nil }
      var settings = TlsSettings(certificateFile: certificateFile, keyFile: keyFile)
      settings.clientCaFile = clientCaFile
      settings.versionMin = versionMin
      settings.handshakeMax = handshakeTime
      settings.handshakesMax = handshakesMax
      return settings
    }

    func use(_ choice: Choice) -> TlsUse {
      switch choice {
      case .off: .off
      case .on: .server
      case .mutual: .mutual
      case .auto: certificateFile == nil ? .off : clientCaFile == nil ? .server : .mutual
      }
    }
  }

  package struct Tcp: Equatable, Sendable {
    /// nil: off.
    package var listen: ListenAddress? = ListenAddress(host: "127.0.0.1", port: 5044)
    package var tls = Tls.Choice.auto
    /// A longer line is refused.
    package var lineBytesMax = 4 << 20
    package var connectionsMax = 1024
    /// nil: 64 for each address but those of this machine itself.
    package var connectionsPerAddressMax: Int?
    /// A connection that sends nothing for so long is closed; nil: never. A sender over TCP gets no answer, so what it
    /// sends into a connection that was just closed would be lost.
    package var idle: Duration?
  }

  package struct Follow: Equatable, Sendable {
    /// Patterns; none: no files are followed.
    package var paths: [String] = []
    package var exclude: [String] = []
    package var start = Start.beginning
    /// Between two looks; where inotify works, they come at once.
    package var poll: Duration = .seconds(1)
    /// A renamed or deleted file is let go after so much silence.
    package var rotateWait: Duration = .seconds(10)
    package var filesMax = 256

    package enum Start: String, CaseIterable, Sendable { case beginning, end }
  }

  package struct Webhook: Equatable, Sendable {
    /// nil: off.
    package var listen: ListenAddress? = ListenAddress(host: "127.0.0.1", port: 8088)
    package var tls = Tls.Choice.auto
    package var paths = ["/v1/events"]
    /// Any of them opens the door; none, and none of `hmac`: no key is asked for.
    package var bearer: [SenderKey] = []
    /// Keys of signed requests (Standard Webhooks).
    package var hmac: [SenderKey] = []
    /// How far a signed request's time may lie from ours.
    package var signedAge: Duration = .seconds(300)
    /// Of a signed body as it comes over the wire.
    package var signedBodyBytesMax = 16 << 20
    /// How many webhook-ids are remembered.
    package var idsMax = 65_536
    package var idsKeep: Duration = .seconds(86_400)
    /// Of a body as it comes over the wire.
    package var bodyBytesMax = 64 << 20
    package var inflatedBytesMax = 256 << 20
    /// Inflated bytes to each byte of the wire.
    package var ratioMax = 200
    package var headerBytesMax = 16 << 10
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
    /// For room in the ring or the input budget.
    package var roomWait: Duration = .seconds(2)
    /// For a request's events to be on disk.
    package var durableWait: Duration = .seconds(10)
    /// Of a refused request's body, which is read so that the answer is.
    package var discardBytesMax = 16 << 20
    /// Where spans are posted to, as OTLP; nil: nowhere.
    package var tracesPath: String? = "/v1/traces"
    /// A body of spans, inflated: it is kept whole until all of it was taken.
    package var tracesBodyBytesMax = 16 << 20
    /// Where an event stream is opened over WebSocket; nil: nowhere.
    package var streamPath: String? = "/v1/stream"
    /// A client silent for so long is pinged, and closed when it stays silent for as long again.
    package var streamPing: Duration = .seconds(20)
    /// A message of a stream.
    package var streamMessageBytesMax = 16 << 20
  }
}
