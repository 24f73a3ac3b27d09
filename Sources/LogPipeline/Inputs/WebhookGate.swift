import CGnutls

/// Lets a request in by its head alone, or says why not. Pure.
struct WebhookGate {
  let configuration: WebhookConfiguration

  /// The answer that ends the request, or nil: let its body come.
  func judge(_ head: WebhookHead) -> WebhookAnswer? {
    if let fault = malformed(head) { return fault }
    guard configuration.paths.contains(head.path) else {
      let paths = configuration.paths.joined(separator: ", ")
      return WebhookAnswer(
        404, "No events are taken here. POST them to \(paths) (inputs.webhook.paths).")
    }
    guard head.method == "POST" else {
      var answer = WebhookAnswer(405, "Events are sent by POST, not by \(head.method).")
      answer.headers = [("Allow", "POST")]
      return answer
    }
    if let fault = unauthorized(head) { return fault }
    return unsupported(head) ?? tooLarge(head)
  }

  /// The same for a request to open a stream; its handshake is judged by ``WebSocketHandshake``.
  func judgeStream(_ head: WebhookHead) -> WebhookAnswer? { malformed(head) ?? unauthorized(head) }

  /// Whether a client has shown a token once it is let in.
  var asksForToken: Bool { !configuration.bearerTokens.isEmpty }

  private func unauthorized(_ head: WebhookHead) -> WebhookAnswer? {
    guard !isAuthorized(head.headers["authorization"]) else { return nil }
    var answer = WebhookAnswer(
      401,
      "The bearer token is missing or wrong. Send Authorization: Bearer and one of the tokens of inputs.webhook.bearer."
    )
    answer.headers = [("WWW-Authenticate", "Bearer")]
    return answer
  }

  private func malformed(_ head: WebhookHead) -> WebhookAnswer? {
    if head.headerCount > configuration.headersMax {
      return WebhookAnswer(
        431, "The request has \(head.headerCount) headers; \(configuration.headersMax) are allowed."
      )
    }
    if head.headerBytes > configuration.headerBytesMax {
      return WebhookAnswer(
        431,
        "The headers have \(head.headerBytes) bytes; \(configuration.headerBytesMax) are allowed.")
    }
    if let name = head.repeated {
      return ambiguous("The header \(name) stands twice.")
    }
    if head.isChunked, head.headers["content-length"] != nil {
      return ambiguous("Content-Length and Transfer-Encoding exclude each other.")
    }
    return nil
  }

  /// Where its body ends is open to doubt, so nothing after it on this connection is read as a request.
  private func ambiguous(_ why: String) -> WebhookAnswer {
    var answer = WebhookAnswer(400, why)
    answer.headers = [("Connection", "close")]
    return answer
  }

  private func unsupported(_ head: WebhookHead) -> WebhookAnswer? {
    if let type = head.headers["content-type"], !Self.isJson(type) {
      return WebhookAnswer(
        415,
        "The content type is \(type). Send application/json (an object or an array) or application/x-ndjson, in UTF-8."
      )
    }
    let encoding = head.headers["content-encoding"]?.lowercased() ?? "identity"
    if !head.isGzip, encoding != "identity", !encoding.isEmpty {
      return WebhookAnswer(
        415, "The content encoding is \(encoding). Send the body plain or with gzip.")
    }
    return nil
  }

  private func tooLarge(_ head: WebhookHead) -> WebhookAnswer? {
    guard let length = head.contentLength, length > configuration.wireBytesMax else { return nil }
    return .tooLarge(limitBytes: configuration.wireBytesMax, what: "The body")
  }

  /// `application/json`, NDJSON under its several names, and `+json`; a charset only if it is UTF-8.
  static func isJson(_ contentType: String) -> Bool {
    let parts = contentType.lowercased().split(separator: ";", omittingEmptySubsequences: false)
      .map { String($0.filter { $0 != " " && $0 != "\t" && $0 != "\"" }) }
    for parameter in parts.dropFirst() where parameter.hasPrefix("charset=") {
      guard ["utf-8", "utf8", "us-ascii"].contains(parameter.dropFirst(8)) else { return false }
    }
    guard let type = parts.first, !type.isEmpty else { return true }
    let known: Set<String> = [
      "application/json", "application/x-ndjson", "application/ndjson", "application/jsonl",
      "application/x-jsonlines", "application/jsonlines", "text/json",
    ]
    return known.contains(type) || type.hasPrefix("application/") && type.hasSuffix("+json")
  }

  /// Compares with each token in a time that does not tell how much of it was right.
  private func isAuthorized(_ header: String?) -> Bool {
    guard !configuration.bearerTokens.isEmpty else { return true }
    guard let header, header.utf8.count > 7, header.prefix(7).lowercased() == "bearer " else {
      return false
    }
    let given = Array(header.dropFirst(7).drop { $0 == " " }.utf8)
    var isKnown = false
    for token in configuration.bearerTokens where token.count == given.count {
      let difference = unsafe token.withUnsafeBytes { expected in
        unsafe given.withUnsafeBytes { presented in
          unsafe gnutls_memcmp(expected.baseAddress, presented.baseAddress, expected.count)
        }
      }
      if difference == 0, !token.isEmpty { isKnown = true }
    }
    return isKnown
  }
}
