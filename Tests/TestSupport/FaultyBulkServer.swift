import Glibc
import LogPipeline
import Synchronization

/// A bulk server that fails on purpose, as often as it is told, and keeps of each document no more than that it is there.
package final class FaultyBulkServer: Sendable {
  package enum Fault: String, CaseIterable, Sendable {
    case tooManyRequests, unavailable
    /// A third of the items gets 429.
    case someItemsRejected
    /// The connection is reset before anything is stored, or after.
    case reset, storedAndReset
    /// The answer comes a fifth of a second later.
    case slow
    /// 400 for a whole request, if it has many items: none of them is at fault.
    case badRequest
  }
  /// What becomes of a document whose id is new.
  package enum Fate: Sendable { case stored, refusedForGood }

  package let port: UInt16
  package var url: String { "http://127.0.0.1:\(port)" }
  private let listener: FileDescriptor
  private let take: @Sendable ([UInt8]) -> Fate
  private let state: Mutex<State>
  private let acceptor = Mutex<PosixThread?>(nil)

  private struct State {
    var random: SeededRandom
    var faults: [Fault] = []
    var percent = 0
    var isHolding = false
    /// Of index and `_id` of each stored document.
    var ids: Set<Int> = []
    var counts: [Fault: Int] = [:]
    var requests = 0
    var conflicts = 0
    var isStopping = false
  }

  /// `take` says what becomes of each document whose id is new; it is called for one at a time.
  package init(
    seed: UInt64, take: @escaping @Sendable ([UInt8]) -> Fate
  ) throws {
    LogPipeline.Environment.ignoreBrokenPipes()
    let listening = try TcpListener(listeningOn: "127.0.0.1:0")
    port = listening.port
    listener = listening.intoDescriptor()
    self.take = take
    state = Mutex(State(random: SeededRandom(seed: seed)))
    let thread = try PosixThread("bulk server") { [self] in acceptAll() }
    acceptor.withLock { $0 = thread }
  }

  /// Of 100 requests, `percent` meet one of `faults`. Ends ``hold()``.
  package func set(_ faults: [Fault], percent: Int) {
    state.withLock { ($0.faults, $0.percent, $0.isHolding) = (faults, percent, false) }
  }

  /// Requests that come from now on wait: no agent that is started now gets anything settled.
  package func hold() { state.withLock { $0.isHolding = true } }

  /// Takes no new connections and ends its threads; the clients must be gone.
  package func stop() {
    state.withLock { $0.isStopping = true }
    acceptor.withLock { $0.take() }?.join()
  }

  package var faultCounts: [Fault: Int] { state.withLock { $0.counts } }
  package var requestCount: Int { state.withLock { $0.requests } }
  package var conflictCount: Int { state.withLock { $0.conflicts } }

  private func acceptAll() {
    var clients: [Client] = []
    while !state.withLock({ $0.isStopping }) {
      for client in clients where client.hasEnded { client.join() }
      clients.removeAll { $0.hasEnded }
      var entry = pollfd(fd: listener.raw, events: Int16(POLLIN), revents: 0)
      guard unsafe poll(&entry, 1, 50) > 0 else { continue }
      let accepted = accept(listener.raw, nil, nil)
      guard accepted >= 0 else { continue }
      if let client = try? Client({ [self] in serve(FileDescriptor(taking: accepted)) }) {
        clients.append(client)
      }
    }
    for client in clients { client.join() }
  }

  private func serve(_ connection: consuming FileDescriptor) {
    var reader = BulkServerRequestReader()
    while let request = reader.next(connection) {
      guard request.path.hasPrefix("/_bulk") else {
        guard send(200, #"{"version":{"number":"8.19.0"},"tagline":"made up"}"#, connection) else {
          return
        }
        continue
      }
      while state.withLock({ $0.isHolding && !$0.isStopping }) {
        PosixThread.sleep(.milliseconds(2))
      }
      let fault = nextFault()
      switch fault {
      case .reset: return reset(connection)
      case .storedAndReset:
        _ = answer(request.content, fault)
        return reset(connection)
      case .slow: PosixThread.sleep(.milliseconds(200))
      default: break
      }
      let (status, body) = answer(request.content, fault)
      guard send(status, body, connection) else { return }
    }
  }

  private func nextFault() -> Fault? {
    state.withLock { state in
      state.requests += 1
      guard !state.faults.isEmpty, Int.random(in: 0..<100, using: &state.random) < state.percent
      else { return nil }
      let fault = state.faults.randomElement(using: &state.random)
      if let fault { state.counts[fault, default: 0] += 1 }
      return fault
    }
  }

  private func send(_ status: Int, _ body: String, _ connection: borrowing FileDescriptor) -> Bool {
    let head =
      "HTTP/1.1 \(status) Made Up\r\nX-Elastic-Product: Elasticsearch\r\n"
      + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
    return (try? connection.write(Array((head + body).utf8))) != nil
  }

  private func reset(_ connection: borrowing FileDescriptor) {
    var now = linger(l_onoff: 1, l_linger: 0)
    _ = unsafe setsockopt(
      connection.raw, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
  }

  private func answer(_ content: [UInt8], _ fault: Fault?) -> (status: Int, body: String) {
    switch fault {
    case .tooManyRequests:
      return (
        429,
        #"{"error":{"type":"es_rejected_execution_exception","reason":"made up"},"status":429}"#
      )
    case .unavailable:
      return (503, #"{"error":{"type":"unavailable","reason":"made up"},"status":503}"#)
    case .badRequest where content.count(where: { $0 == UInt8(ascii: "\n") }) > 80:
      return (
        400, #"{"error":{"type":"illegal_argument_exception","reason":"made up"},"status":400}"#
      )
    default: return (200, store(content, isRejectingSome: fault == .someItemsRejected))
    }
  }

  private func store(_ content: [UInt8], isRejectingSome: Bool) -> String {
    var items: [String] = []
    state.withLock { state in
      unsafe content.withUnsafeBytes { bytes in
        var rest = unsafe bytes
        while let action = unsafe Self.line(&rest), let document = unsafe Self.line(&rest) {
          let isRejected =
            isRejectingSome && Int.random(in: 0..<3, using: &state.random) == 0
          items.append(unsafe item(action, document, isRejected, &state))
        }
      }
    }
    let hasErrors = items.contains { $0.contains("error") }
    return #"{"errors":\#(hasErrors),"items":[\#(items.joined(separator: ","))]}"#
  }

  private func item(
    _ action: UnsafeRawBufferPointer, _ document: UnsafeRawBufferPointer, _ isRejected: Bool,
    _ state: inout State
  ) -> String {
    if isRejected {
      return
        #"{"create":{"status":429,"error":{"type":"es_rejected_execution_exception","reason":"made up"}}}"#
    }
    var hasher = Hasher()
    unsafe hasher.combine(bytes: action)
    let id = hasher.finalize()
    if state.ids.contains(id) {
      state.conflicts += 1
      return
        #"{"create":{"status":409,"error":{"type":"version_conflict_engine_exception","reason":"there"}}}"#
    }
    guard take(unsafe Array(document)) == .stored else {
      return
        #"{"create":{"status":400,"error":{"type":"document_parsing_exception","reason":"made up"}}}"#
    }
    state.ids.insert(id)
    return #"{"create":{"status":201}}"#
  }

  /// Takes the next line off, without its end.
  private static func line(_ rest: inout UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
    guard let end = unsafe ByteScan.first(UInt8(ascii: "\n"), in: rest) else { return nil }
    let line = unsafe UnsafeRawBufferPointer(rebasing: rest[..<end])
    unsafe rest = UnsafeRawBufferPointer(rebasing: rest[(end + 1)...])
    return unsafe line
  }
}

/// The thread of one connection, joined once it has ended so that a long run does not collect them.
private final class Client: Sendable {
  private let isDone: IsDone
  private let thread: PosixThread

  private final class IsDone: Sendable { let value = Atomic<Bool>(false) }

  init(_ body: @escaping @Sendable () -> Void) throws {
    let isDone = IsDone()
    self.isDone = isDone
    thread = try PosixThread("bulk client") {
      body()
      isDone.value.store(true, ordering: .releasing)
    }
  }

  var hasEnded: Bool { isDone.value.load(ordering: .acquiring) }
  func join() { thread.join() }
}
