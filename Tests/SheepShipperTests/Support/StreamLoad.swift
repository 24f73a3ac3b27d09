import LogPipeline
import Synchronization
import TestSupport

/// A client as the documentation describes it: numbers its messages, keeps what is not acknowledged, and sends that again
/// over its next connection. It lives on when the agent is killed.
final class StreamLoad: Sendable {
  static let eventsPerMessage = 4

  private struct State {
    var port: UInt16
    var acked: Int = 0
    var isStopping = false
    var failure: String?
  }

  private let state: Mutex<State>
  private let messageCount: Int
  private let thread = Mutex<PosixThread?>(nil)

  init(port: UInt16, messageCount: Int) throws {
    state = Mutex(State(port: port))
    self.messageCount = messageCount
    let started = try PosixThread("stream load") { [self] in run() }
    thread.withLock { $0 = started }
  }

  /// The last message that was acknowledged.
  var acked: Int { state.withLock { $0.acked } }
  /// What it was told and should not have been.
  var failure: String? { state.withLock { $0.failure } }

  /// Where the next agent listens.
  func connect(to port: UInt16) { state.withLock { $0.port = port } }

  func wait(untilAcked count: Int) -> Bool {
    CommandSupport.wait(within: .seconds(60)) { acked >= count || failure != nil }
  }

  func stop() {
    state.withLock { $0.isStopping = true }
    thread.withLock { $0 }?.join()
  }

  /// The request ids of a message, counted from 1. Every third message also has an event that has no time of its own.
  static func ids(ofMessage number: Int) -> [String] {
    (0..<eventsPerMessage).map { "stream-\(number * eventsPerMessage + $0)" }
      + (number % 3 == 0 ? ["timeless-\(number)"] : [])
  }

  private static func text(ofMessage number: Int) -> String {
    var lines = (0..<eventsPerMessage).map {
      RelayEvents.event(number * eventsPerMessage + $0, run: "stream").line
    }
    if number % 3 == 0 {
      lines.append(
        """
        {"request_type":"chat_completion","request_id":"timeless-\(number)",\
        "metadata":{"model":"gpt-4.1"},"status_code":200}
        """)
    }
    return lines.joined(separator: "\n")
  }

  private func run() {
    while acked < messageCount, !state.withLock({ $0.isStopping }) {
      // Refused while no agent runs, cut off when it is killed: then over again.
      do { try exchange(state.withLock { $0.port }) } catch {}
      PosixThread.sleep(.milliseconds(20))
    }
  }

  private func exchange(_ port: UInt16) throws {
    let first = acked + 1
    let client = try WebSocketClient(
      port: port, path: "/v1/stream?sender=load-1&from=\(first)", timeoutSeconds: 5)
    guard client.status == 101, let resume = try client.nextMessage() else { return }
    check(resume["next"]?.integer == Int64(first), "resume says \(resume.text)")
    let known = Int(resume["resume"]?.integer ?? 0)
    check(known == 0 || known >= first - 1, "forgot what it acknowledged: \(resume.text)")
    var next = first
    while acked < messageCount, !state.withLock({ $0.isStopping }) {
      // A few are always on their way.
      while next <= messageCount, next <= acked + 20 {
        try client.send(Self.text(ofMessage: next))
        next += 1
      }
      guard let ack = try client.nextMessage(), let last = ack["ack"]?.integer else { return }
      check(ack["refused"]?.elements?.isEmpty == true, "refused: \(ack.text)")
      check(Int(last) > acked && Int(last) < next, "acknowledged out of turn: \(ack.text)")
      state.withLock { $0.acked = Int(last) }
    }
    try client.sayFarewell()
  }

  private func check(_ holds: Bool, _ failure: @autoclosure () -> String) {
    if holds { return }
    let text = failure()
    state.withLock { $0.failure = $0.failure ?? text }
  }
}
