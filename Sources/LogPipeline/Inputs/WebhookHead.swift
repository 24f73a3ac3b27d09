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
  /// How its body and its answer are written, if it brings spans.
  var traces: TraceEncoding?
  /// A header that must stand once and stands twice.
  var repeated: String?
  /// A header's name is none: a blank before its colon, or nothing at all.
  var hasOddName = false

  static let wanted: Set<String> = [
    "host", "content-length", "transfer-encoding", "content-type", "content-encoding",
    "authorization", "expect", "x-source", "x-environment", "x-team-id", "webhook-id",
    "webhook-timestamp", "webhook-signature",
  ]
  /// Two of these let two readers see two different requests in the same bytes.
  private static let single: Set<String> = [
    "host", "content-length", "transfer-encoding", "content-type", "content-encoding",
    "authorization", "webhook-id", "webhook-timestamp", "webhook-signature",
  ]

  init() {}

  mutating func add(_ name: String, _ value: String) {
    headerCount += 1
    // A colon, a blank, and a line end.
    headerBytes += name.utf8.count + value.utf8.count + 4
    if !Self.isToken(name) { hasOddName = true }
    let name = name.lowercased()
    guard Self.wanted.contains(name) else { return }
    if headers[name] != nil, Self.single.contains(name) { repeated = name }
    headers[name] = headers[name] ?? value
  }

  /// A target without its query: a path, or an absolute URL, as proxies send it.
  mutating func setTarget(_ target: String) {
    let lower = target.prefix(8).lowercased()
    guard let scheme = ["http://", "https://"].first(where: { lower.hasPrefix($0) }) else {
      path = target
      return
    }
    path = String(target.dropFirst(scheme.count).drop { $0 != "/" })
  }

  /// As the standard spells the name of a header.
  private static func isToken(_ name: String) -> Bool {
    !name.isEmpty
      && name.utf8.allSatisfy {
        ByteClass.isAlnum($0) || ByteClass.isOne($0, of: "!#$%&'*+-.^_`|~")
      }
  }

  /// nil: chunked, or no body. The library has checked that it is a number, but not that it fits.
  var contentLength: Int? { headers["content-length"].map { Int($0) ?? .max } }
  var isChunked: Bool { headers["transfer-encoding"] != nil }
  var hasBody: Bool { isChunked || (contentLength ?? 0) > 0 }
  var expectsContinue: Bool { headers["expect"]?.lowercased() == "100-continue" }
  var isGzip: Bool { ["gzip", "x-gzip"].contains(headers["content-encoding"]?.lowercased()) }

  /// What the key proves wins over what the request says of itself.
  func source(peer: String, key: WebhookKey?) -> SourceContext {
    var source = SourceContext(input: .webhook, peer: peer)
    source.path = path
    source.name = key?.source ?? headers["x-source"]
    source.teamId = key?.team
    source.environment = headers["x-environment"]
    source.teamIdClaimed = headers["x-team-id"]
    // A span without a time is told apart by its body's bytes: an exporter repeats them.
    source.place = traces == nil ? place : 0
    return source
  }
}
