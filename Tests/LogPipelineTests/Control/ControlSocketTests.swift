import LogPipeline
import TestSupport
import Testing

/// Goal: the control socket answers its own user, within its limits, and never takes a living agent's place.
/// Method: real sockets in a temporary folder.
@Suite struct ControlSocketTests {
  private func server(
    _ path: String, mayConnect: @escaping @Sendable (UInt32) -> Bool = { _ in true }
  ) throws -> ControlServer {
    try ControlServer(
      path: path,
      commands: [
        ControlCommand("echo") { request throws(ControlError) in request["values"]?.elements ?? []
        },
        ControlCommand("no") { _ throws(ControlError) in throw .refused("not today") },
      ], mayConnect: mayConnect)
  }

  private func ask(_ path: String, _ request: String) throws -> [JsonValue] {
    try ControlClient(path: path).ask(JsonValue.parse(request))
  }

  @Test func `answers come line by line, errors as the agent's words`() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/control.sock"
    let server = try server(path)
    try server.start()
    #expect(
      try ask(path, #"{"command":"echo","values":[1,"two",{"three":3}]}"#).map(\.text) == [
        "1", "\"two\"", "{\"three\":3}",
      ])
    #expect(try ask(path, #"{"command":"echo"}"#).isEmpty)
    #expect(throws: ControlError.refused("not today")) { try ask(path, #"{"command":"no"}"#) }
    #expect {
      try ask(path, #"{"command":"reboot"}"#)
    } throws: {
      "\($0)".contains("knows no \"reboot\"; it knows: echo, no")
    }
    #expect { try ask(path, "[1]") } throws: { "\($0)".contains("a request is a line of JSON") }
    let found = try FileSystem.status(of: path, followLinks: false)
    #expect(found.kind == .socket)
    #expect(found.mode == 0o600)
    server.stop()
    #expect(!FileSystem.exists(path))
    #expect(throws: ControlError.noAgent(path: path)) { try ask(path, #"{"command":"echo"}"#) }
  }

  @Test func `a large request and answer come whole`() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/control.sock"
    let server = try server(path)
    try server.start()
    defer { server.stop() }
    let text = String(repeating: "x\n\"é", count: 400_000)
    let request = JsonValue.object([
      ("command", .string("echo")), ("values", .array([.string(text)])),
    ])
    #expect(try ControlClient(path: path).ask(request).first?.string == text)
  }

  @Test func `a path longer than a socket's address works all the same`() throws {
    let folder = try TemporaryFolder()
    let deep = "\(folder.path)/\(String(repeating: "d", count: 150))"
    try FileSystem.makeDirectories(deep)
    let path = "\(deep)/control.sock"
    let server = try server(path)
    try server.start()
    #expect(try ask(path, #"{"command":"echo","values":[7]}"#).map(\.text) == ["7"])
    server.stop()
    #expect(!FileSystem.exists(path))
  }

  @Test func `a dead agent's socket is replaced, a living one's and other files are left alone`()
    throws
  {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/control.sock"
    // Bound and gone without removing its file, as after kill -9.
    do { _ = try UnixListener(at: path, backlog: 1) }
    #expect(FileSystem.exists(path))
    let first = try server(path)
    try first.start()
    #expect(try ask(path, #"{"command":"echo","values":[1]}"#).map(\.text) == ["1"])
    let second = try server(path)
    #expect(throws: ControlError.taken(path: path)) { try second.start() }
    #expect(try ask(path, #"{"command":"echo","values":[2]}"#).map(\.text) == ["2"])
    first.stop()
    try FileSystem.replace(path, with: Array("mine".utf8))
    #expect(throws: ControlError.notASocket(path: path)) { try second.start() }
    #expect(try FileSystem.read(path) == Array("mine".utf8))
    try FileSystem.remove(path)
    #expect {
      try server("/nonexistent/control.sock").start()
    } throws: {
      "\($0)".contains("can not be made")
    }
  }

  @Test func `a socket that was replaced is not removed by the one before`() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/control.sock"
    let old = try server(path)
    try old.start()
    try FileSystem.remove(path)
    let new = try server(path)
    try new.start()
    old.stop()
    #expect(try ask(path, #"{"command":"echo","values":[3]}"#).map(\.text) == ["3"])
    new.stop()
  }

  @Test func `another user is not answered`() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/control.sock"
    let server = try server(path) { $0 != Environment.userId }
    try server.start()
    defer { server.stop() }
    #expect { try ask(path, #"{"command":"echo"}"#) } throws: {
      "\($0)".contains("no whole answer")
    }
  }

  @Test func `a silent client does not keep others out for ever, nor the server from stopping`()
    throws
  {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/control.sock"
    let server = try server(path)
    try server.start()
    let silent = try UnixConnection(connectingTo: path)
    try silent.send(Array("{\"comm".utf8), until: SystemClock().now() + .seconds(1))
    let began = SystemClock().now()
    server.stop()
    #expect(SystemClock().now().since(began) < .seconds(5))
  }
}
