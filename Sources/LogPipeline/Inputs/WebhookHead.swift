/// What the webhook needs to know of a request's line and headers.
struct WebhookHead: Equatable {
  var method = ""
  var path = ""
  /// Lower-case names of the headers that matter here.
  var headers: [String: String] = [:]
  var headerCount = 0
  var headerBytes = 0
  /// Of a stream's message; see ``SourceContext/place``.
  var place: UInt64?
  /// A header that must stand once and stands twice.
  var repeated: String?

  static let wanted: Set<String> = [
    "host", "content-length", "transfer-encoding", "content-type", "content-encoding",
    "authorization", "expect", "x-source", "x-environment", "x-team-id",
  ]
  /// Two of these let two servers see two different requests in the same bytes.
  private static let single: Set<String> = ["host", "content-length", "transfer-encoding"]

  init() {}

  mutating func add(_ name: String, _ value: String) {
    headerCount += 1
    // A colon, a blank, and a line end.
    headerBytes += name.utf8.count + value.utf8.count + 4
    let name = name.lowercased()
    guard Self.wanted.contains(name) else { return }
    if headers[name] != nil, Self.single.contains(name) { repeated = name }
    headers[name] = headers[name] ?? value
  }

  /// nil: chunked, or no body.
  var contentLength: Int? { headers["content-length"].flatMap { Int($0) } }
  var isChunked: Bool { headers["transfer-encoding"] != nil }
  var hasBody: Bool { isChunked || (contentLength ?? 0) > 0 }
  var expectsContinue: Bool { headers["expect"]?.lowercased() == "100-continue" }
  var isGzip: Bool { ["gzip", "x-gzip"].contains(headers["content-encoding"]?.lowercased()) }

  func source(peer: String) -> SourceContext {
    var source = SourceContext(input: .webhook, peer: peer)
    source.path = path
    source.name = headers["x-source"]
    source.environment = headers["x-environment"]
    source.teamIdClaimed = headers["x-team-id"]
    source.place = place
    return source
  }
}
