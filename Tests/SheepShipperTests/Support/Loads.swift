import LogPipeline
import Synchronization
import TestSupport

/// Posts small bodies to the webhook, one after the other, until stopped; remembers which were answered 200.
final class WebhookLoad: Sendable {
  private let shared = Shared()
  private let thread: PosixThread

  init(round: Int, client: HttpClient) throws {
    let shared = shared
    thread = try PosixThread("webhook load") { shared.run(round, client) }
  }

  /// Waits until so many events were answered 200; false when it takes a minute.
  func wait(untilAnswered count: Int) -> Bool {
    let deadline = SystemClock().now() + .seconds(60)
    while shared.state.withLock({ $0.answered.count }) < count {
      guard SystemClock().now() < deadline else { return false }
      PosixThread.sleep(.milliseconds(3))
    }
    return true
  }

  /// The ids of all events whose body was answered 200.
  func stop() -> [String] {
    shared.state.withLock { $0.isStopping = true }
    thread.join()
    return shared.state.withLock { $0.answered }
  }

  var sentIds: [String] { shared.state.withLock { $0.sent } }

  private struct State {
    var answered: [String] = []
    var sent: [String] = []
    var isStopping = false
  }

  private final class Shared: Sendable {
    let state = Mutex(State())

    func run(_ round: Int, _ client: HttpClient) {
      var next = 0
      while !state.withLock({ $0.isStopping }) {
        let events = (next..<next + 20).map { RelayEvents.event($0, run: "hook\(round)") }
        next += 20
        state.withLock { $0.sent += events.map(\.requestId) }
        let body = "[\(events.map(\.line).joined(separator: ","))]"
        let answer = try? client.send("POST", "/v1/events", json: body)
        guard let answer else { continue }
        if answer.status == 200 { state.withLock { $0.answered += events.map(\.requestId) } }
      }
    }
  }
}

/// Sends lines over one TCP connection until the peer is gone.
final class TcpLoad: Sendable {
  private let shared = Shared()
  private let thread: PosixThread

  init(round: Int, port: UInt16) throws {
    let shared = shared
    thread = try PosixThread("tcp load") { shared.run(round, port) }
  }

  /// The ids of all events that were sent, wholly or in part.
  func stop() -> [String] {
    shared.isStopping.withLock { $0 = true }
    thread.join()
    return shared.sent.withLock { $0 }
  }

  private final class Shared: Sendable {
    let sent = Mutex<[String]>([])
    let isStopping = Mutex(false)

    func run(_ round: Int, _ port: UInt16) {
      guard let connection = try? TcpClient(port: port) else { return }
      var next = 0
      while !isStopping.withLock({ $0 }) {
        let events = (next..<next + 50).map { RelayEvents.event($0, run: "tcp\(round)") }
        next += 50
        sent.withLock { $0 += events.map(\.requestId) }
        let text = events.map { $0.line + "\n" }.joined()
        guard (try? connection.send(text)) != nil else { return }
      }
    }
  }
}
