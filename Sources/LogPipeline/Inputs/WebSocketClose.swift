/// Why a stream ends, as RFC 6455 numbers it.
enum WebSocketClose: UInt16, CaseIterable {
  case normal = 1000
  /// The agent stops.
  case goingAway = 1001
  case protocolError = 1002
  case unsupportedData = 1003
  /// Text that is not UTF-8.
  case invalidData = 1007
  /// Silence, slowness, or a sender id that another connection has taken over.
  case policy = 1008
  case tooBig = 1009
  /// There is no memory.
  case internalError = 1011
  /// Nothing can be stored until the operator has done something.
  case tryAgainLater = 1013

  /// For the client's own codes, of which there are many.
  static let otherName = "other"
  /// The connection ended without a word.
  static let lostName = "lost"

  /// The label of a code in the metrics: one of a few.
  static func name(of code: UInt16) -> String {
    WebSocketClose(rawValue: code).map { "\($0.rawValue)" } ?? otherName
  }
}
