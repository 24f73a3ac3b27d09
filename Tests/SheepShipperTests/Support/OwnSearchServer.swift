import LogPipeline
import TestSupport

/// A real server of the test's own, which it may break, kill and start again. SHEEPSHIPPER_TEST_SEARCH_SERVER names the
/// program that starts one (`start elasticsearch|opensearch --dir DIR --port PORT [--setting key=value]`, `stop --dir DIR`).
final class OwnSearchServer: Sendable {
  static let program = Environment.value(of: "SHEEPSHIPPER_TEST_SEARCH_SERVER")
  static let missing =
    "no server to break: set SHEEPSHIPPER_TEST_SEARCH_SERVER to the program that starts one"

  struct NotStarted: Error, CustomStringConvertible { let description: String }

  let product: String
  let url: String
  let client: HttpClient
  private let folder: String
  private let port: UInt16
  private let settings: [String]

  /// `folder` is empty; it is opened to the server's user.
  init(_ product: String, in folder: String, settings: [String]) throws {
    self.product = product
    self.folder = "\(folder)/\(product)"
    self.settings = settings
    // It runs as another user, who must get in.
    _ = try ChildProcess("/bin/chmod", ["755", folder]).wait(
      until: SystemClock().now() + .seconds(5))
    port = try Self.freePort()
    url = "http://127.0.0.1:\(port)"
    client = HttpClient(port: port)
    try start()
  }

  func start() throws {
    let more = settings.flatMap { ["--setting", $0] }
    try run(["start", product, "--dir", folder, "--port", "\(port)"] + more)
  }

  func stop() { try? run(["stop", "--dir", folder]) }

  /// kill -9: what it had in memory is gone. Returns once the process is.
  func kill() throws {
    let file = "\(folder)/pid"
    let pid = String(decoding: try FileSystem.read(file), as: UTF8.self).filter(\.isNumber)
    let child = try ChildProcess("/bin/kill", ["-9", pid])
    _ = child.wait(until: SystemClock().now() + .seconds(5))
    // Dead is one without a command line, also while nobody has asked how it ended.
    let isDead = CommandSupport.wait(within: .seconds(30)) {
      (try? FileSystem.read("/proc/\(pid)/cmdline"))?.isEmpty ?? true
    }
    guard isDead else { throw NotStarted(description: "\(product) lives on after kill -9") }
    try FileSystem.remove(file)
  }

  /// Sends a change and insists on 200.
  func change(_ method: String, _ path: String, _ body: String = "") throws {
    let answer =
      body.isEmpty
      ? try client.send(method, path) : try client.send(method, path, json: body)
    guard answer.status == 200 else { throw NotStarted(description: "\(path): \(answer.text)") }
  }

  func count(_ indices: String, _ query: String = "*") throws -> Int {
    _ = try client.send("POST", "/\(indices)/_refresh")
    return Int(try client.get("/\(indices)/_count?q=\(query)").json()["count"]?.integer ?? -1)
  }

  private func run(_ arguments: [String]) throws {
    let child = try ChildProcess(Self.program ?? "", arguments)
    guard child.wait(until: SystemClock().now() + .seconds(240)) == .exited(0) else {
      throw NotStarted(description: "\(arguments): \(child.errorText)")
    }
  }

  /// One that is free together with the one 100 above it, where servers talk among themselves.
  private static func freePort() throws -> UInt16 {
    for _ in 0..<50 {
      let first = try TcpListener(listeningOn: "127.0.0.1:0")
      let port = first.port
      if port < 65_400, (try? TcpListener(listeningOn: "127.0.0.1:\(port + 100)")) != nil {
        return port
      }
    }
    throw NotStarted(description: "no free ports")
  }
}
