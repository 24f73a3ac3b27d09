/// Why a webhook request was not answered 200: the labels of a counter.
enum WebhookFault: String, CaseIterable {
  // The head.
  case headersMax = "headers_max"
  case headerMax = "header_max"
  case framing, path, method, upgrade
  case contentType = "content_type"
  case contentEncoding = "content_encoding"
  // The key.
  case certificate
  case keyMissing = "key_missing"
  case keyWrong = "key_wrong"
  case keyExpired = "key_expired"
  case signatureWrong = "signature_wrong"
  case signedAge = "signed_age_max"
  // The body.
  case bodyMax = "body_max"
  case signedBodyMax = "signed_body_max"
  case inflatedMax = "inflated_max"
  case ratioMax = "ratio_max"
  case tracesMax = "traces_body_max"
  case gzip, array, empty, traces
  case nothingTaken = "nothing_taken"
  // The agent.
  case room = "room_wait"
  case budget
  case durable = "durable_wait"
  case readOnly = "read_only"
  case stopping, memory
}
