import LogPipeline
import Synchronization
import TestSupport

/// One round's load on one agent: a webhook client and a TCP client, each on a thread of its own.
final class CrashSenders: Sendable {
  private let shared: Shared
  private let threads: [PosixThread]

  /// `eventsMax` is what each of them sends at the most; `isSendingAgain`: begin with the body that got no answer from
  /// an earlier agent.
  init(
    to agent: AgentProcess, books: CrashBooks, seed: UInt64, eventsMax: Int, isSendingAgain: Bool
  ) throws {
    let shared = Shared(books: books, eventsMax: eventsMax)
    self.shared = shared
    let (client, port) = (agent.webhook, agent.tcpPort)
    threads = [
      try PosixThread("webhook load") { shared.post(client, seed, isSendingAgain) },
      try PosixThread("tcp load") { shared.stream(port, seed) },
    ]
  }

  /// The agent must be gone, so that nobody waits for it.
  func stop() {
    shared.isStopping.store(true, ordering: .releasing)
    for thread in threads { thread.join() }
  }

  private final class Shared: Sendable {
    let books: CrashBooks
    let eventsMax: Int
    let isStopping = Atomic<Bool>(false)

    init(books: CrashBooks, eventsMax: Int) { (self.books, self.eventsMax) = (books, eventsMax) }

    private var isStopped: Bool { isStopping.load(ordering: .acquiring) }

    func post(_ client: HttpClient, _ seed: UInt64, _ isSendingAgain: Bool) {
      var random = SeededRandom(seed: seed)
      var sent = 0
      if isSendingAgain, let range = books.takeUnanswered(), !post(range, client) { return }
      while !isStopped, sent < eventsMax {
        let count = Int.random(in: 1...60, using: &random)
        sent += count
        guard post(books.begin(count, of: .webhook), client) else { return }
      }
    }

    /// False: no answer, the agent is gone.
    private func post(_ range: Range<Int>, _ client: HttpClient) -> Bool {
      let events = range.map { CrashBooks.line($0, of: .webhook) }.joined(separator: ",")
      guard let answer = try? client.send("POST", "/v1/events", json: "[\(events)]") else {
        books.noteUnanswered(range)
        return false
      }
      if answer.status == 200 { books.noteAnswered(range) } else { books.noteUnanswered(range) }
      return true
    }

    func stream(_ port: UInt16, _ seed: UInt64) {
      var random = SeededRandom(seed: seed &+ 1)
      guard let connection = try? TcpClient(port: port) else { return }
      var sent = 0
      while !isStopped, sent < eventsMax {
        let count = Int.random(in: 1...100, using: &random)
        sent += count
        var text = ""
        for number in books.begin(count, of: .tcp) {
          text += CrashBooks.line(number, of: .tcp) + "\n"
        }
        if Int.random(in: 0..<10, using: &random) == 0 { text += "this is no event\n" }
        guard (try? connection.send(text)) != nil else { return }
      }
    }
  }
}
