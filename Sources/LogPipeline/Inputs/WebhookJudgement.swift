/// What the gate makes of a request's head.
enum WebhookJudgement {
  /// The answer that ends the request.
  case refused(WebhookAnswer)
  /// Let its body come.
  case admitted(WebhookPass)
}
