import LogPipeline
import TestSupport
import Testing

/// What the end-to-end tests of the commands share.
enum CommandSupport {
  /// Large inputs only where the release program is tested: a debug build is twenty times slower.
  static let isLarge = Environment.value(of: "SHEEPSHIPPER_PROGRAM") != nil

  /// Nothing ever listens there.
  static let unreachable = "http://127.0.0.1:1"

  static func lines(_ range: Range<Int>, run: String) -> [UInt8] {
    range.flatMap { Array((RelayEvents.event($0, run: run).line + "\n").utf8) }
  }

  static func ids(_ range: Range<Int>, run: String) -> [String] {
    range.map { RelayEvents.event($0, run: run).requestId }.sorted()
  }

  static func write(_ bytes: [UInt8], to path: String) throws {
    try FileSystem.replace(path, with: bytes)
  }

  /// The request ids in an archive, sorted; an event that is there twice comes twice.
  static func archivedIds(in stateDirectory: String) throws -> [String] {
    try ArchiveFolder.documents(in: "\(stateDirectory)/archive").compactMap {
      $0["request_id"]?.string
    }.sorted()
  }

  /// Settings of a small ring and, if given, of a server.
  static func settings(_ folder: TemporaryFolder, to server: String? = nil) -> [String] {
    ["agent.state_dir=\(folder.path)", "ring.size=16MiB"]
      + (server.map { ["elasticsearch.hosts=\($0)", "elasticsearch.flush=100ms"] } ?? [])
  }

  static func arguments(_ settings: [String]) -> [String] { settings.flatMap { ["--set", $0] } }

  /// Asks until it is true; false when it is not within `span`.
  static func wait(within span: Duration = .seconds(30), until isTrue: () throws -> Bool) rethrows
    -> Bool
  {
    let deadline = SystemClock().now() + span
    while SystemClock().now() < deadline {
      if try isTrue() { return true }
      PosixThread.sleep(.milliseconds(10))
    }
    return false
  }

  /// Nothing is in hand, and both sums hold to the event.
  static func expectBalanced(
    _ agent: AgentProcess, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let status = try agent.status()
    let ledger = try #require(status["ledger"], sourceLocation: sourceLocation)
    func count(_ name: String) -> Int64 { ledger[name]?.integer ?? .min }
    #expect(count("in_hand") == 0, "\(ledger.text)", sourceLocation: sourceLocation)
    #expect(
      count("offered") == count("accepted") + count("refused"), "\(ledger.text)",
      sourceLocation: sourceLocation)
    #expect(
      count("accepted") == count("delivered") + count("duplicate") + count("dead_lettered")
        + count("dropped") + count("quarantined") + count("erased") + count("waiting"),
      "\(ledger.text)", sourceLocation: sourceLocation)
  }
}
