import CGnutls

/// The client's half of the opening handshake, judged by RFC 6455. Pure.
struct WebSocketHandshake {
  var upgrade: String?
  var connection: String?
  var key: String?
  var version: String?
  /// Where the page is from that a browser opens a stream for. Some other clients name the address that they connect to.
  var origin: String?
  /// Of the query.
  var sender: String?
  var from: String?

  private static let acceptSuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
  private static let keyBytes = 24

  /// The opening, or the answer that refuses it.
  /// - Parameters:
  ///   - head: of the request.
  ///   - isTrusted: whether the client has shown a token.
  /// - Returns: how the stream begins, or why there is none.
  func judge(_ head: WebhookHead, isTrusted: Bool) -> Result<WebSocketOpening, Refused> {
    guard head.method == "GET", Self.list(upgrade, holds: "websocket"),
      Self.list(connection, holds: "upgrade")
    else {
      return .refused(
        426,
        "Streams are WebSockets: GET with Connection: Upgrade and Upgrade: websocket. POST events to the webhook's other paths."
      )
    }
    guard version == "13" else {
      return .refused(426, "Sec-WebSocket-Version is \(version ?? "missing"); 13 is spoken here.")
    }
    guard let key, key.utf8.count == Self.keyBytes, key.hasSuffix("=="), !head.hasBody else {
      return .refused(
        400, "The handshake needs a Sec-WebSocket-Key of 16 bytes in base64, and has no body.")
    }
    if let origin, !isTrusted, !Self.isOrigin(origin, of: head.headers["host"] ?? "") {
      return .refused(
        403,
        "A page from elsewhere may open a stream only with a token: set inputs.webhook.bearer. Else any page in a browser on this machine could send events."
      )
    }
    if let sender, !Self.isSenderId(sender) {
      return .refused(
        400,
        "sender has 1 to \(WebSocketOpening.senderBytesMax) letters, digits, and any of - _ . : of ASCII."
      )
    }
    var first: UInt64?
    if let from {
      first = UInt64(from)
      guard let first, first >= 1, first <= WebSocketOpening.sequenceMax else {
        return .refused(
          400, "from is a message's number, 1 to \(WebSocketOpening.sequenceMax).")
      }
    }
    guard let accept = Self.accept(key) else {
      return .refused(503, "The system's GnuTLS does not allow SHA-1, which WebSocket needs.")
    }
    return .success(WebSocketOpening(sender: sender, from: first, accept: accept))
  }

  struct Refused: Error {
    let answer: WebhookAnswer
  }

  /// What proves to the client that its handshake was understood.
  static func accept(_ key: String) -> String? {
    let text = Array((key + acceptSuffix).utf8)
    var digest = [UInt8](repeating: 0, count: 20)
    guard unsafe gnutls_hash_fast(GNUTLS_DIG_SHA1, text, text.count, &digest) == 0 else {
      return nil
    }
    var encoded = unsafe gnutls_datum_t()
    let status = unsafe digest.withUnsafeMutableBufferPointer { bytes in
      var plain = unsafe gnutls_datum_t(data: bytes.baseAddress, size: UInt32(bytes.count))
      return unsafe gnutls_base64_encode2(&plain, &encoded)
    }
    guard status == 0, let text = unsafe encoded.data else { return nil }
    defer { unsafe cgnutls_free(text) }
    return unsafe String(
      decoding: UnsafeBufferPointer(start: text, count: Int(encoded.size)), as: UTF8.self)
  }

  /// Whether a page is from the address it connects to.
  private static func isOrigin(_ origin: String, of host: String) -> Bool {
    ["http://", "https://"].contains { "\($0)\(host)".lowercased() == origin.lowercased() }
  }

  /// Whether a list with commas has that word in it, in whatever case.
  private static func list(_ text: String?, holds word: String) -> Bool {
    (text ?? "").lowercased().split(separator: ",").contains {
      $0.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" } == word
    }
  }

  private static func isSenderId(_ text: String) -> Bool {
    let bytes = text.utf8
    return (1...WebSocketOpening.senderBytesMax).contains(bytes.count)
      && bytes.allSatisfy { ByteClass.isAlnum($0) || "-_.:".utf8.contains($0) }
  }
}

extension Result where Success == WebSocketOpening, Failure == WebSocketHandshake.Refused {
  fileprivate static func refused(_ status: Int, _ message: String) -> Self {
    var answer = WebhookAnswer(status, message, .upgrade)
    if status == 426 {
      answer.headers = [("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13")]
    }
    return .failure(WebSocketHandshake.Refused(answer: answer))
  }
}
