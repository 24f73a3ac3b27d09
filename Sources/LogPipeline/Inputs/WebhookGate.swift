/// Lets a request in by its head, or says why not.
struct WebhookGate {
  let configuration: WebhookConfiguration
  let keys: WebhookKeyring

  /// `now` paces what is logged; the request's time and the keys' ends are held against `wall`.
  func judge(
    _ head: WebhookHead, peer: String, at now: MonotonicTime, wallMilliseconds wall: Int64
  ) -> WebhookJudgement {
    if let fault = malformed(head) ?? misdirected(head) { return .refused(fault) }
    let judgement = admit(head, peer: peer, at: now, wallMilliseconds: wall)
    guard case .admitted(let pass) = judgement else { return judgement }
    if let fault = unsupported(head) ?? tooLarge(head, pass) { return .refused(fault) }
    return judgement
  }

  /// The same for a request to open a stream; its handshake is judged by ``WebSocketHandshake``.
  func judgeStream(
    _ head: WebhookHead, peer: String, at now: MonotonicTime, wallMilliseconds wall: Int64
  ) -> WebhookJudgement {
    if let fault = malformed(head) { return .refused(fault) }
    let judgement = admit(head, peer: peer, at: now, wallMilliseconds: wall)
    if case .admitted(.signed) = judgement {
      return .refused(
        unauthorized("A stream has no body to sign: open it with a bearer token.", .keyMissing))
    }
    return judgement
  }

  private func malformed(_ head: WebhookHead) -> WebhookAnswer? {
    if head.headerCount > configuration.headersMax {
      return WebhookAnswer(
        431,
        "The request has \(head.headerCount) headers; \(configuration.headersMax) are allowed.",
        .headersMax)
    }
    if head.headerBytes > configuration.headerBytesMax {
      return WebhookAnswer(
        431,
        "The headers have \(head.headerBytes) bytes; \(configuration.headerBytesMax) are allowed.",
        .headerMax)
    }
    if let name = head.repeated {
      return ambiguous("The header \(name) stands twice.")
    }
    if head.hasOddName {
      return ambiguous("The name of a header is empty, or has a blank or another odd byte in it.")
    }
    guard let coding = head.headers["transfer-encoding"] else { return nil }
    if head.headers["content-length"] != nil {
      return ambiguous("Content-Length and Transfer-Encoding exclude each other.")
    }
    if coding.lowercased() != "chunked" {
      return ambiguous("The transfer encoding is \(coding); only chunked is taken.")
    }
    return nil
  }

  /// Where its body ends is open to doubt, so nothing after it on this connection is read as a request.
  private func ambiguous(_ why: String) -> WebhookAnswer {
    var answer = WebhookAnswer(400, why, .framing)
    answer.headers = [("Connection", "close")]
    return answer
  }

  private func misdirected(_ head: WebhookHead) -> WebhookAnswer? {
    let isTraces = configuration.tracesPath == head.path
    guard isTraces || configuration.paths.contains(head.path) else {
      let paths = configuration.paths.joined(separator: ", ")
      let traces = configuration.tracesPath.map { ", spans to \($0)" } ?? ""
      return WebhookAnswer(
        404, "No events are taken here. POST them to \(paths) (inputs.webhook.paths)\(traces).",
        .path)
    }
    guard head.method == "POST" else {
      var answer = WebhookAnswer(
        405, "Events are sent by POST, not by \(head.method).", .method)
      answer.headers = [("Allow", "POST")]
      return answer
    }
    return nil
  }

  private func unsupported(_ head: WebhookHead) -> WebhookAnswer? {
    if configuration.tracesPath == head.path {
      let type = head.headers["content-type"]
      if TraceEncoding(contentType: type) == nil {
        return WebhookAnswer(
          415,
          "The content type is \(type ?? "missing"). Send application/x-protobuf or application/json (OTLP over HTTP).",
          .contentType)
      }
    } else if let type = head.headers["content-type"], !Self.isJson(type) {
      return WebhookAnswer(
        415,
        "The content type is \(type). Send application/json (an object or an array) or application/x-ndjson, in UTF-8.",
        .contentType)
    }
    let encoding = head.headers["content-encoding"]?.lowercased() ?? "identity"
    if !head.isGzip, encoding != "identity", !encoding.isEmpty {
      return WebhookAnswer(
        415, "The content encoding is \(encoding). Send the body plain or with gzip.",
        .contentEncoding)
    }
    return nil
  }

  private func tooLarge(_ head: WebhookHead, _ pass: WebhookPass) -> WebhookAnswer? {
    guard let length = head.contentLength else { return nil }
    if case .signed = pass, length > configuration.signedBytesMax {
      return .signedTooLarge(limitBytes: configuration.signedBytesMax)
    }
    guard length > configuration.wireBytesMax else { return nil }
    return .tooLarge(limitBytes: configuration.wireBytesMax, what: "The body", .bodyMax)
  }

  private static let usualType = "application/json"
  private static let jsonTypes: Set<String> = [
    usualType, "application/x-ndjson", "application/ndjson", "application/jsonl",
    "application/x-jsonlines", "application/jsonlines", "text/json",
  ]

  /// `application/json`, NDJSON under its several names, and `+json`; a charset only if it is UTF-8.
  static func isJson(_ contentType: String) -> Bool {
    if contentType == usualType { return true }
    let parts = contentType.lowercased().split(separator: ";", omittingEmptySubsequences: false)
      .map { String($0.filter { $0 != " " && $0 != "\t" && $0 != "\"" }) }
    for parameter in parts.dropFirst() where parameter.hasPrefix("charset=") {
      guard ["utf-8", "utf8", "us-ascii"].contains(parameter.dropFirst(8)) else { return false }
    }
    guard let type = parts.first, !type.isEmpty else { return true }
    return jsonTypes.contains(type) || type.hasPrefix("application/") && type.hasSuffix("+json")
  }
}
