import LogPipeline
import TestSupport
import Testing

/// One sender that does something wrong or odd, and what must come of it.
struct HostileTcpRow: Sendable, CustomTestStringConvertible {
  /// How the sender ends.
  enum Ending: Sendable {
    /// It says that it has finished, and reads to the end.
    case finished
    /// A reset.
    case reset
    /// It stays as it is; what was sent must be taken all the same.
    case open
    /// It waits for the agent to close.
    case closedByAgent
  }
  enum Port: Sendable {
    case plain
    /// Bytes as they are, at a port that takes TLS alone.
    case rawAtTls
    case tls(TlsDoing)
    case mutualTls(TlsDoing)
  }
  /// What a client of TLS does beyond sending.
  struct TlsDoing: Sendable {
    var priorities = "NORMAL"
    var recordBytes = 16 << 10
    /// nil: none.
    var identity: Identity?
    /// After the first piece.
    var renewsKeys = false
    /// Beside TLS, after all pieces.
    var past: [UInt8] = []
    /// Does not even say that it has finished.
    var endsWithoutNotice = false
    var handshakeFails = false

    enum Identity: Sendable { case good, stranger, ended, forServers }
  }

  let name: String
  var port = Port.plain
  /// Each goes into the socket by itself.
  var pieces: [[UInt8]] = []
  var ending = Ending.finished
  var accepted: UInt64 = 0
  var refused: [Refusal.Reason: UInt64] = [:]
  /// What the answer begins with; nil: a reset or an alert will do, too.
  var answer: String? = ""
  var lineBytesMax = 64 << 10
  var handshakeMax: Duration = .seconds(10)
  var connectionsPerAddressMax: Int?
  /// More connections that only connect.
  var flood = 0
  /// Counters that must have these values in the end.
  var counters: [(name: String, value: @Sendable (IntakeSnapshot) -> UInt64, expected: UInt64)] = []

  init(_ name: String) { self.name = name }
  init(
    _ name: String, _ texts: String..., accepted: UInt64 = 0,
    refused: [Refusal.Reason: UInt64] = [:]
  ) {
    self.name = name
    pieces = texts.map { Array($0.utf8) }
    (self.accepted, self.refused) = (accepted, refused)
  }

  var testDescription: String { name }

  func with(_ change: (inout HostileTcpRow) -> Void) -> HostileTcpRow {
    var row = self
    change(&row)
    return row
  }

  func counting(
    _ name: String, _ value: @escaping @Sendable (IntakeSnapshot) -> UInt64, is expected: UInt64
  ) -> HostileTcpRow {
    with { $0.counters.append((name, value, expected)) }
  }
}
