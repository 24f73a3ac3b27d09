import LogPipeline

/// A key of the webhook with this token.
func webhookKey(_ token: String) -> WebhookKey {
  WebhookKey(name: "key \(token)", secret: Array(token.utf8))
}

/// A request under Standard Webhooks, each part of which can be made wrong.
struct SignedRequest {
  var id: String? = "msg_1"
  var ageSeconds: Int64 = 0
  var timestamp: String?
  var key = [UInt8](repeating: 7, count: 24)
  /// Takes the place of the right one.
  var signature: String?
  var body: [UInt8]
  /// What is signed in place of the body.
  var signedBody: [UInt8]?
  var headers: [String] = []

  init(_ body: String, id: String? = "msg_1") { (self.body, self.id) = (Array(body.utf8), id) }
  init(_ body: [UInt8]) { self.body = body }

  static func signature(id: String, timestamp: String, body: [UInt8], key: [UInt8]) -> String {
    guard let signer = MessageSigner(key: key) else { return "" }
    let text = Array("\(id).\(timestamp).".utf8) + body
    unsafe text.withUnsafeBytes { unsafe signer.update($0) }
    return "v1,\(String(decoding: signer.finish(), as: UTF8.self))"
  }

  /// The three headers, and those given.
  var signedHeaders: [String] {
    let time = timestamp ?? "\(SystemClock().wallMilliseconds() / 1000 - ageSeconds)"
    let right = Self.signature(id: id ?? "", timestamp: time, body: signedBody ?? body, key: key)
    return (id.map { ["webhook-id: \($0)"] } ?? [])
      + ["webhook-timestamp: \(time)", "webhook-signature: \(signature ?? right)"] + headers
  }

  /// As it goes over the wire.
  var bytes: [UInt8] {
    let lines =
      ["POST /v1/events HTTP/1.1", "Host: x", "Content-Length: \(body.count)"] + signedHeaders
    return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body
  }
}
