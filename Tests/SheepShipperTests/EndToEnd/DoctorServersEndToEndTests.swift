import LogPipeline
import TestSupport
import Testing

/// Goal: at real servers a healthy deployment passes, and each thing broken there is found. Method: the servers whose
/// addresses the environment names, with indices of the test's own.
@Suite(
  .serialized, .enabled(if: !SearchServer.all.isEmpty, Comment(rawValue: SearchServer.missing)))
struct DoctorServersEndToEndTests {
  private let prefix = "e2e-doctor-\(UInt32.random(in: 0 ... .max))-"

  private static let today: String = {
    let now = UtcTime(milliseconds: SystemClock().wallMilliseconds())
    return String(now.text.prefix(10)).replacing("-", with: ".")
  }()

  /// On one line, since a sentence may be broken anywhere.
  private static func unwrapped(_ text: String) -> String {
    text.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
  }

  private func settings(_ folder: TemporaryFolder, _ server: SearchServer) -> [String] {
    [
      "agent.state_dir=\(folder.path)/state", "inputs.tcp.listen=127.0.0.1:0",
      "inputs.webhook.listen=127.0.0.1:0", "admin.listen=127.0.0.1:0", "ring.size=16MiB",
      "elasticsearch.hosts=\(server.url)", "elasticsearch.index=\(prefix)%Y.%m.%d",
    ]
  }

  @Test(arguments: SearchServer.all)
  func `healthy is exit code 0; a write block and a wrong mapping are found`(
    server: SearchServer
  ) throws {
    let folder = try TemporaryFolder()
    let settings = settings(folder, server)
    defer { try? server.clear(prefix: prefix) }
    func look(_ more: String...) throws -> (ending: ChildProcess.Ending?, text: String) {
      let found = try ProgramUnderTest.run(["doctor"] + more, settings: settings)
      return (found.ending, Self.unwrapped(found.output + found.error))
    }
    let early = try look("--round-trip")
    #expect(early.text.contains("skipped round trip"), "\(early.text)")
    #expect(try ProgramUnderTest.run(["setup"], settings: settings).ending == .exited(0))
    let healthy = try look("--round-trip")
    #expect(healthy.ending == .exited(0), "\(healthy.text)")
    #expect(healthy.text.contains("read back the same, and deleted"), "\(healthy.text)")
    #expect(healthy.text.contains("ok template"), "\(healthy.text)")
    let index = "\(prefix)\(Self.today)"
    #expect(try server.count(index) == 0, "the round trip leaves nothing")
    let again = try look()
    #expect(again.text.contains("ok mapping \(index)"), "\(again.text)")

    _ = try server.client.send(
      "PUT", "/\(index)/_settings", json: #"{"index.blocks.write":true}"#)
    let blocked = try look("--round-trip")
    #expect(blocked.ending == .exited(1), "\(blocked.text)")
    #expect(blocked.text.contains("FAILED write block"), "\(blocked.text)")
    #expect(blocked.text.contains("FAILED round trip"), "\(blocked.text)")
    _ = try server.client.send("DELETE", "/\(index)")

    let wrong = #"{"mappings":{"properties":{"latency_ms":{"type":"keyword"}}}}"#
    _ = try server.client.send("PUT", "/\(index)", json: wrong)
    let mapped = try look()
    #expect(mapped.ending == .exited(1), "\(mapped.text)")
    #expect(mapped.text.contains("FAILED mapping"), "\(mapped.text)")
    #expect(mapped.text.contains("latency_ms is keyword"), "\(mapped.text)")
  }
}

/// The same where users and their privileges count.
@Suite(
  .serialized,
  .enabled(if: SecuredSearchServer.found != nil, Comment(rawValue: SecuredSearchServer.missing)))
struct DoctorPrivilegesEndToEndTests {
  private let server: SecuredSearchServer
  private let prefix = "e2e-doctor-role-\(UInt32.random(in: 0 ... .max))-"

  init() throws { server = try #require(SecuredSearchServer.found) }

  /// On one line, since a sentence may be broken anywhere.
  private static func unwrapped(_ text: String) -> String {
    text.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
  }

  private func look(
    _ user: String, _ more: [String] = [], _ arguments: [String] = []
  ) throws -> (ending: ChildProcess.Ending?, text: String) {
    let folder = try TemporaryFolder()
    let settings =
      server.settings(user: user) + [
        "agent.state_dir=\(folder.path)/state", "inputs.tcp.listen=127.0.0.1:0",
        "inputs.webhook.listen=127.0.0.1:0", "admin.listen=127.0.0.1:0", "ring.size=16MiB",
        "elasticsearch.index=\(prefix)%Y.%m.%d",
      ] + more
    let found = try ProgramUnderTest.run(["doctor"] + arguments, settings: settings)
    return (found.ending, Self.unwrapped(found.output + found.error))
  }

  private func role(_ privileges: [String]) -> JsonValue {
    .object([
      ("cluster", .array([])),
      (
        "indices",
        .array([
          .object([
            ("names", .array([.string("\(prefix)*")])),
            ("privileges", .array(privileges.map { .string($0) })),
          ])
        ])
      ),
    ])
  }

  @Test func `a wrong password, and an authority that is not the server's`() throws {
    let wrong = try look("shipper", ["elasticsearch.password=wrong"])
    #expect(wrong.ending == .exited(1), "\(wrong.text)")
    #expect(wrong.text.contains("FAILED credentials"), "\(wrong.text)")
    #expect(wrong.text.contains("HTTP 401") && !wrong.text.contains("=wrong"))
    #expect(wrong.text.contains("ok tls"), "\(wrong.text)")
    let certificates = try TestCertificates()
    let other = try look(
      "shipper", ["elasticsearch.tls.ca=\(certificates.authority.certificate)"])
    #expect(other.ending == .exited(1), "\(other.text)")
    #expect(other.text.contains("FAILED tls"), "\(other.text)")
    #expect(other.text.contains("skipped credentials"), "\(other.text)")
  }

  @Test func `the least role passes, and says what it can not see; one privilege less fails`()
    throws
  {
    defer { _ = try? server.send(.delete, "/\(prefix)*?expand_wildcards=all", as: "admin") }
    try server.withRole("e2e_doctor", role(["create_doc", "auto_configure"])) {
      let least = try look("shipper", [], ["--round-trip"])
      #expect(least.ending == .exited(0), "\(least.text)")
      #expect(least.text.contains("ok privileges"), "\(least.text)")
      #expect(least.text.contains("skipped mapping"), "\(least.text)")
      #expect(least.text.contains("may append, and not"), "\(least.text)")
    }
    try server.withRole("e2e_doctor_less", role(["create_doc"])) {
      let less = try look("shipper")
      #expect(less.ending == .exited(1), "\(less.text)")
      #expect(less.text.contains("shipper lacks auto_configure"), "\(less.text)")
    }
  }
}

/// The same with a server of the test's own, whose disk is said to be full.
@Suite(.enabled(if: OwnSearchServer.program != nil, Comment(rawValue: OwnSearchServer.missing)))
struct DoctorWatermarkEndToEndTests {
  @Test func `a disk over the flood stage is found`()
    throws
  {
    let (folder, state) = (try TemporaryFolder(), try TemporaryFolder())
    let server = try OwnSearchServer("elasticsearch", in: folder.path, settings: [])
    defer { server.stop() }
    let settings = [
      "agent.state_dir=\(state.path)/state", "inputs.tcp.listen=127.0.0.1:0",
      "inputs.webhook.listen=127.0.0.1:0", "admin.listen=127.0.0.1:0", "ring.size=16MiB",
      "elasticsearch.hosts=\(server.url)",
    ]
    func look() throws -> String {
      try ProgramUnderTest.run(["doctor"], settings: settings).output
    }
    let whole = try look()
    #expect(whole.contains("ok       server disk"), "\(whole)")
    let marks = [("low", 1), ("high", 2), ("flood_stage", 3)].map { mark, percent in
      "\"cluster.routing.allocation.disk.watermark.\(mark)\":\"\(percent)%\""
    }
    try server.change(
      "PUT", "/_cluster/settings",
      "{\"persistent\":{\"cluster.routing.allocation.disk.threshold_enabled\":true,"
        + "\(marks.joined(separator: ","))}}")
    let full = try look()
    #expect(full.contains("FAILED   server disk"), "\(full)")
    #expect(full.contains("over the flood stage"), "\(full)")
  }
}
