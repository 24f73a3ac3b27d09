/// What one request to the admin port gets.
struct AdminAnswer: Equatable, Sendable {
  let status: UInt32
  let contentType: String
  let body: String

  static let plainText = "text/plain; charset=utf-8"

  init(_ status: UInt32, _ body: String, contentType: String = plainText) {
    self.status = status
    self.contentType = contentType
    self.body = body
  }

  /// The answer to one request. `hosts` are the values of all `Host` headers: none comes from an HTTP/1.0 probe,
  /// which no browser is.
  static func to(
    method: String, path: String, hosts: [String], check: HostCheck,
    snapshot: () -> StatusSnapshot
  ) -> AdminAnswer {
    guard method == "GET" || method == "HEAD" else {
      return AdminAnswer(405, "This port only shows: GET and HEAD.\n")
    }
    guard hosts.count <= 1 else { return AdminAnswer(400, "More than one Host header.\n") }
    if let host = hosts.first, !check.allows(host) {
      return AdminAnswer(
        403,
        """
        This name is not one of this agent's, so a web page might be asking in your name (DNS rebinding). \
        Ask by address, or by the name that admin.listen has.

        """)
    }
    switch path {
    case "/healthz": return health(snapshot())
    case "/readyz": return readiness(snapshot())
    case "/metrics":
      return AdminAnswer(200, MetricsText.render(snapshot()), contentType: MetricsText.contentType)
    case "/", "/v1/status":
      return AdminAnswer(
        200, StatusDocument.json(snapshot()).text + "\n", contentType: "application/json")
    default:
      return AdminAnswer(404, "Nothing here. There are /healthz /readyz /metrics /v1/status.\n")
    }
  }

  private static func health(_ snapshot: StatusSnapshot) -> AdminAnswer {
    guard !snapshot.stuckThreads.isEmpty else { return AdminAnswer(200, "ok\n") }
    let lines = snapshot.stuckThreads.map {
      "stuck: thread \($0.name) has been at one piece of work for \($0.busy.milliseconds / 1000) s\n"
    }
    return AdminAnswer(503, lines.joined())
  }

  private static func readiness(_ snapshot: StatusSnapshot) -> AdminAnswer {
    guard !snapshot.notReadyBecause.isEmpty else { return AdminAnswer(200, "ready\n") }
    return AdminAnswer(503, snapshot.notReadyBecause.map { "not ready: \($0)\n" }.joined())
  }
}
