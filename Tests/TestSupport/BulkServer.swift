import Glibc
import LogPipeline
import Synchronization

/// As much of Elasticsearch as an agent talks to: keeps each `_id` once, and fails on request in the ways servers do.
package final class BulkServer: Sendable {
  package enum Mode: Sendable {
    case takes
    /// 401 for everything.
    case refusesCredentials
    /// 503 for everything.
    case isUnavailable
    /// Accepts connections and never answers.
    case hangs
    /// A mapping error for each document that holds this text.
    case refusesDocuments(holding: String)
  }

  package let port: UInt16
  package var url: String { "http://127.0.0.1:\(port)" }
  private let listener: FileDescriptor
  private let keepsBodies: Bool
  private let state = Mutex(State())

  private struct State {
    var mode: Mode
    var documents: [String: [UInt8]] = [:]
    /// Of each document.
    var indices: [String: String] = [:]
    /// What is left of each scroll, and all ids it had.
    var scrolls: [String: (left: [String], total: Int)] = [:]
    var conflicts = 0
    var requests = 0
    var bodies: [[UInt8]] = []
    var isStopping = false

    init() { mode = .takes }
  }

  /// `keepsBodies`: whether ``bodies`` are kept.
  package init(_ mode: Mode = .takes, keepsBodies: Bool = false) throws {
    self.keepsBodies = keepsBodies
    LogPipeline.Environment.ignoreBrokenPipes()
    let listening = try TcpListener(listeningOn: "127.0.0.1:0")
    port = listening.port
    listener = listening.intoDescriptor()
    set(mode)
    _ = try PosixThread("bulk server") { [self] in acceptAll() }
  }

  package func set(_ mode: Mode) { state.withLock { $0.mode = mode } }

  /// Takes no new connections; its thread ends.
  package func stop() { state.withLock { $0.isStopping = true } }

  /// Every bulk body as it came, without its gzip.
  package var bodies: [[UInt8]] { state.withLock { $0.bodies } }
  /// The stored documents by `_id`.
  package var documents: [String: [UInt8]] { state.withLock { $0.documents } }
  /// The `request_id`s of all stored documents; one that is stored under two ids comes twice.
  package var requestIds: [String] {
    get throws {
      try documents.values.compactMap { try JsonValue.parse($0)["request_id"]?.string }
    }
  }
  /// The ids of an index.
  package func ids(of index: String) -> [String] {
    state.withLock { state in state.indices.filter { $0.value == index }.map(\.key).sorted() }
  }
  /// As somebody else may do behind the agent's back.
  package func remove(_ id: String) {
    state.withLock {
      $0.documents[id] = nil
      $0.indices[id] = nil
    }
  }
  package func add(_ id: String, to index: String) {
    state.withLock {
      $0.documents[id] = Array("{}".utf8)
      $0.indices[id] = index
    }
  }
  /// Searches that nobody has ended.
  package var openScrollCount: Int { state.withLock { $0.scrolls.count } }

  package var conflictCount: Int { state.withLock { $0.conflicts } }
  /// Of any kind, also those that get no answer.
  package var requestCount: Int { state.withLock { $0.requests } }

  private func acceptAll() {
    while !state.withLock({ $0.isStopping }) {
      var entry = pollfd(fd: listener.raw, events: Int16(POLLIN), revents: 0)
      guard unsafe poll(&entry, 1, 50) > 0 else { continue }
      let accepted = accept(listener.raw, nil, nil)
      guard accepted >= 0 else { continue }
      _ = try? PosixThread("bulk client") { [self] in serve(FileDescriptor(taking: accepted)) }
    }
  }

  private func serve(_ connection: consuming FileDescriptor) {
    var reader = BulkServerRequestReader()
    while let request = reader.next(connection) {
      state.withLock { $0.requests += 1 }
      guard let answer = answer(request) else {
        // Until the client gives up.
        while reader.readMore(connection) {}
        return
      }
      let head =
        "HTTP/1.1 \(answer.status) Made Up\r\nX-Elastic-Product: Elasticsearch\r\n"
        + "Content-Type: application/json\r\nContent-Length: \(answer.body.utf8.count)\r\n\r\n"
      guard (try? connection.write(Array((head + answer.body).utf8))) != nil else { return }
    }
  }

  /// nil: none, ever.
  private func answer(_ request: BulkServerRequest) -> (status: Int, body: String)? {
    switch state.withLock({ $0.mode }) {
    case .hangs: return nil
    case .refusesCredentials:
      return (
        401,
        #"{"error":{"type":"security_exception","reason":"unable to authenticate user"},"status":401}"#
      )
    case .isUnavailable:
      return (503, #"{"error":{"type":"unavailable","reason":"made up"},"status":503}"#)
    case .takes: return answer(request, refusing: nil)
    case .refusesDocuments(let text): return answer(request, refusing: text)
    }
  }

  private func answer(
    _ request: BulkServerRequest, refusing: String?
  ) -> (status: Int, body: String) {
    if request.path.hasPrefix("/_bulk") { return (200, store(request.content, refusing)) }
    if request.path.contains("/_search") { return search(request) }
    if request.path.hasSuffix("/_refresh") { return (200, "{}") }
    if request.method == "PUT" { return (200, #"{"acknowledged":true}"#) }
    if request.path.hasPrefix("/_index_template/") {
      return (
        404,
        #"{"error":{"type":"resource_not_found_exception","reason":"not there"},"status":404}"#
      )
    }
    return (200, #"{"version":{"number":"8.19.0","build_flavor":"default"},"tagline":"made up"}"#)
  }

  /// Seven ids a page, so that few documents make several.
  private func search(_ request: BulkServerRequest) -> (status: Int, body: String) {
    let scroll = (try? JsonValue.parse(request.content))?["scroll_id"]?.string
    return state.withLock { state in
      if request.method == "DELETE" {
        state.scrolls[scroll ?? ""] = nil
        return (200, "{}")
      }
      let id = scroll ?? "scroll-\(state.requests)"
      if scroll == nil {
        let index = String(request.path.dropFirst().prefix { $0 != "/" })
        let ids = state.indices.filter { $0.value == index }.map(\.key)
        if ids.isEmpty {
          let reason = #"{"error":{"type":"index_not_found_exception","reason":"no"},"status":404}"#
          return (404, reason)
        }
        state.scrolls[id] = (ids, ids.count)
      }
      guard let (left, total) = state.scrolls[id] else { return (404, "{}") }
      state.scrolls[id] = (Array(left.dropFirst(7)), total)
      let hits = left.prefix(7).map { #"{"_id":"\#($0)"}"# }.joined(separator: ",")
      return (
        200,
        #"{"_scroll_id":"\#(id)","timed_out":false,"_shards":{"failed":0},"hits":{"total":{"value":\#(total)},"hits":[\#(hits)]}}"#
      )
    }
  }

  private func store(_ content: [UInt8], _ refusing: String?) -> String {
    let lines = content.split(separator: UInt8(ascii: "\n"))
    var items: [String] = []
    state.withLock { state in
      if keepsBodies { state.bodies.append(content) }
      for at in stride(from: 0, to: lines.count - 1, by: 2) {
        let action = (try? JsonValue.parse(Array(lines[at])))?["create"]
        let id = action?["_id"]?.string ?? ""
        if let refusing, String(decoding: lines[at + 1], as: UTF8.self).contains(refusing) {
          items.append(
            #"{"create":{"status":400,"error":{"type":"document_parsing_exception","reason":"made up"}}}"#
          )
        } else if state.documents[id] != nil {
          state.conflicts += 1
          items.append(
            #"{"create":{"status":409,"error":{"type":"version_conflict_engine_exception","reason":"there"}}}"#
          )
        } else {
          state.documents[id] = Array(lines[at + 1])
          state.indices[id] = action?["_index"]?.string ?? ""
          items.append(#"{"create":{"status":201}}"#)
        }
      }
    }
    let hasErrors = items.contains { $0.contains("error") }
    return #"{"errors":\#(hasErrors),"items":[\#(items.joined(separator: ","))]}"#
  }
}
