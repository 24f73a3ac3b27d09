/// What became of the handshakes of one input.
package struct TlsCounters: Equatable, Sendable {
  package private(set) var established: UInt64 = 0
  private var failures = [UInt64](repeating: 0, count: TlsFailure.Kind.allCases.count)
  /// Under way now.
  package var pending: UInt64 = 0
  /// Times new connections waited, or were closed, because too many handshakes were under way.
  package var overLimit: UInt64 = 0
  /// Connections whose TLS broke after the handshake.
  package var broken: UInt64 = 0
  /// Refused wishes for a second handshake.
  package var renegotiations: UInt64 = 0

  package init() {}

  package func failed(_ kind: TlsFailure.Kind) -> UInt64 {
    TlsFailure.Kind.allCases.firstIndex(of: kind).map { failures[$0] } ?? 0
  }

  /// With those of another intake.
  mutating func add(_ other: TlsCounters) {
    established &+= other.established
    for index in failures.indices { failures[index] &+= other.failures[index] }
    pending &+= other.pending
    overLimit &+= other.overLimit
    broken &+= other.broken
    renegotiations &+= other.renegotiations
  }

  mutating func didEstablish() { established &+= 1 }
  mutating func didFail(_ kind: TlsFailure.Kind) {
    if let index = TlsFailure.Kind.allCases.firstIndex(of: kind) { failures[index] &+= 1 }
  }

  /// By result, for a metric.
  package var handshakes: [(String, UInt64)] {
    [("established", established)] + TlsFailure.Kind.allCases.map { ($0.rawValue, failed($0)) }
  }
}
