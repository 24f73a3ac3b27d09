/// The JSON lines port.
package struct TcpInputConfiguration: Sendable {
  /// "127.0.0.1:5044"; port 0 lets the kernel choose.
  package var listen: String
  package var connectionsMax = 1024
  /// nil: 64 for each address but those of this machine itself.
  package var connectionsPerAddressMax: Int?
  /// A connection silent for so long is closed; nil: never.
  package var idleMax: Duration?
  /// While the budget is spent, the one connection that may go on must send at `stallBytesPerSecondMin` over this time.
  package var stallMax: Duration = .seconds(10)
  package var stallBytesPerSecondMin = 1024
  /// How long a sender that speaks another protocol may go on after it was told.
  package var lingerMax: Duration = .seconds(5)

  /// With certificates from ``IntakeConfiguration/tls``.
  package var tls = TlsUse.off

  package init(listen: String = "127.0.0.1:5044") { self.listen = listen }
}
