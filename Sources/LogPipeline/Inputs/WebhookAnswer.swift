/// What a webhook request is answered: a status, a JSON text, a few headers.
struct WebhookAnswer {
  var status: Int
  /// For a person at the sender; nil when all is well.
  var message: String?
  var headers: [(String, String)] = []
  /// Why it is not 200, for the counters.
  var fault: WebhookFault?
  /// The same request came before and is on disk.
  var isDuplicate = false
  /// How many refusals are listed one by one.
  static let refusalsListedMax = 100
  private static let retryAfterSeconds = "2"

  init(_ status: Int, _ message: String?, _ fault: WebhookFault? = nil) {
    self.status = status
    self.message = message
    self.fault = fault
  }

  static var duplicate: WebhookAnswer {
    var answer = WebhookAnswer(200, nil)
    answer.isDuplicate = true
    return answer
  }

  static func unavailable(_ why: String, _ fault: WebhookFault) -> WebhookAnswer {
    var answer = WebhookAnswer(
      503, "\(why) Send the same request again: what was taken of it is not stored twice.", fault)
    answer.headers = [("Retry-After", retryAfterSeconds)]
    return answer
  }

  static func tooLarge(limitBytes: Int, what: String, _ fault: WebhookFault) -> WebhookAnswer {
    WebhookAnswer(
      413, "\(what) is over the limit of \(limitBytes) bytes. Send less at a time.", fault)
  }

  static func signedTooLarge(limitBytes: Int) -> WebhookAnswer {
    .tooLarge(
      limitBytes: limitBytes, what: "The body, which is kept whole until its signature is checked,",
      .signedBodyMax)
  }

  /// The answer's body: what became of a request's body, in its own protocol.
  func bytes(of body: WebhookBody?, as traces: TraceEncoding?) -> [UInt8] {
    let (refusals, count) = (body?.refusals ?? [], body?.refusedCount ?? 0)
    guard let traces else {
      let accepted = status == 503 ? 0 : body?.acceptedCount ?? 0
      return Array(json(accepted: accepted, refused: refusals, refusedCount: count).utf8)
    }
    let first = refusals.first.map { "Span \($0.frame): \($0.message)" }
    return TraceAnswer.bytes(traces, status: status, rejected: count, message: message ?? first)
  }

  /// `{"accepted":n,"refused":[...]}`, with `error` when there is a message, `refused_count` when the list is cut, and
  /// `duplicate` when the request came before.
  func json(accepted: UInt64, refused: [Refusal], refusedCount: UInt64) -> String {
    var text = "{\"accepted\":\(accepted),\"refused\":["
    text += refused.map { refusal in
      """
      {"line":\(refusal.frame),"reason":\(JsonValue.quoted(refusal.reason.rawValue)),\
      "message":\(JsonValue.quoted(refusal.message))}
      """
    }.joined(separator: ",")
    text += "]"
    if refusedCount > UInt64(refused.count) { text += ",\"refused_count\":\(refusedCount)" }
    if isDuplicate { text += ",\"duplicate\":true" }
    if let message { text += ",\"error\":\(JsonValue.quoted(message))" }
    return text + "}\n"
  }
}
