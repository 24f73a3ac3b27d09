/// What let a request in by its head.
enum WebhookPass {
  /// No key is asked for.
  case open
  case key(HeldWebhookKey)
  /// Its body must bear the signature out before anything of it is taken.
  case signed(WebhookSignature)
}
