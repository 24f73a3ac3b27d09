/// What the control socket takes.
package enum ControlLimits {
  /// Of a request, with its line end.
  package static let requestBytesMax = 64 << 20
  package static let answerBytesMax = 64 << 20
  /// Connections that wait; one is served at a time.
  package static let connectionsMax: Int32 = 8
  /// For the request to come, and for the answer to be taken.
  package static let transferMax = Duration.seconds(10)
  /// Who may listen to streams at a time.
  package static let listenersMax = 8
  /// How long a client waits for an answer.
  package static let answerMax = Duration.seconds(300)
}
