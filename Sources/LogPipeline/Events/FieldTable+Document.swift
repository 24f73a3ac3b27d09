/// What a document can hold: the index template and the documentation are made from it.
extension FieldTable {
  /// Every field by its dotted name, in the order of the document.
  package static let documentFields: [(name: String, type: FieldType, meaning: String)] =
    head + people + models + money + course + measures + rest

  private static let head: [(name: String, type: FieldType, meaning: String)] = [
    ("@timestamp", .date, "when it happened, UTC: the event's own time, else that of arrival"),
    ("schema_version", .keyword, "format of this document, \"1\""),
    ("timestamp_source", .keyword, "\"arrival\" when the event brought no time that can be read"),
    (
      "time_clamped", .boolean,
      "true: its own time lies too far away, so it is in the index of the day it arrived"
    ),
    (
      "repaired", .boolean,
      "true: a lone surrogate or a number beyond 64 bits was replaced to read it"
    ),
    (
      "oversized", .boolean,
      "true: extra, content and error.message were left out to keep it small"
    ),
    ("request_type", .keyword, "chat_completion, embedding, ..."),
  ]

  private static let people: [(name: String, type: FieldType, meaning: String)] = [
    (
      "team_id", .keyword,
      "the team that pays: of the key that was used, or named by a trusted source"
    ),
    ("team_id_claimed", .keyword, "a team that was named without proof"),
    ("environment", .keyword, "production, staging, ..."),
    ("provider", .keyword, "who served the model"),
    ("ab_arm", .keyword, "the arm of an A/B test that the record is of"),
  ]

  private static let models: [(name: String, type: FieldType, meaning: String)] = [
    ("model", .keyword, "the model's canonical name, which its price is found under"),
    ("model_family", .keyword, "the model's family, absent for unknown models"),
    ("model_raw", .keyword, "the model as the event names it"),
    ("model_requested", .keyword, "the name or group that the caller asked for"),
    ("model_served", .keyword, "the model that answered, as the provider names it"),
  ]

  private static let money: [(name: String, type: FieldType, meaning: String)] = [
    (
      "cost_usd", .double, "what the call cost in US dollars; absent when unknown, never 0 for that"
    ),
    ("saved_cache_cost", .double, "US dollars that a cache hit of the relay saved"),
    (
      "cost.status", .keyword,
      "priced, unpriced, no_usage, cache_hit, estimated, or reported (the sender's figure)"
    ),
    ("cost.basis", .keyword, "which tokens were billed: split, total or output"),
    ("cost.book", .keyword, "whose prices: direct or holysheep"),
    (
      "cost.partly_direct", .boolean, "true: a rate that the book does not publish came from direct"
    ),
    ("cost.price_version", .keyword, "the date of the price table"),
    ("cost.input_per_mtok", .double, "the input rate used, US dollars per million tokens"),
    ("cost.output_per_mtok", .double, "the output rate used, US dollars per million tokens"),
    ("cost.input_usd", .double, "share of uncached input and cache writes"),
    ("cost.output_usd", .double, "share of output"),
    ("cost.cached_usd", .double, "share of input read from the provider's cache"),
    (
      "cost.remainder_clamped", .boolean,
      "true: more tokens were said to be cached than there were"
    ),
    ("cost.reported_usd", .double, "the sender's own figure"),
    ("cost.drift_usd", .double, "the sender's figure minus ours"),
  ]

  private static let course: [(name: String, type: FieldType, meaning: String)] = [
    ("endpoint", .keyword, "the endpoint or upstream that was called"),
    ("feature", .keyword, "the product feature it was for"),
    ("cohort", .keyword, "the group of users it belongs to"),
    ("task_type", .keyword, "critical, balanced, bulk, ..."),
    ("outcome", .keyword, "success, failure, or truncated (a stream without its end)"),
    ("status_code", .short, "the HTTP status; 0: there was no answer"),
    ("finish_reason", .keyword, "why the model stopped; eos is written as stop"),
    ("stream", .boolean, "whether the answer was streamed"),
    ("stream_complete", .boolean, "false: the stream broke before its end"),
    ("fallback", .boolean, "true: another model than the first choice answered"),
    ("cache_hit", .boolean, "true: answered from the relay's own cache"),
    ("circuit_state", .keyword, "of the model's circuit breaker: closed, open, half_open"),
    ("attempt", .integer, "which try of the same request this is"),
    ("error.type", .keyword, "kind of the error; transport: no answer came"),
    ("error.code", .keyword, "the sender's or provider's error code"),
    ("error.message", .text, "scrubbed of secrets and personal data, at most 1 KiB"),
  ]

  private static let measures: [(name: String, type: FieldType, meaning: String)] = [
    ("request.temperature", .float, "as the caller asked"),
    ("request.max_tokens", .integer, "as the caller asked"),
    ("usage.prompt_tokens", .long, "input tokens, those from and to the provider's cache included"),
    ("usage.completion_tokens", .long, "output tokens, reasoning included"),
    ("usage.total_tokens", .long, "prompt plus completion, worked out anew where both are known"),
    ("usage.cached_tokens", .long, "input tokens read from the provider's cache"),
    ("usage.cache_write_tokens", .long, "input tokens written to a five-minute cache"),
    ("usage.cache_write_1h_tokens", .long, "input tokens written to a one-hour cache"),
    ("usage.reasoning_tokens", .long, "output tokens spent on reasoning"),
    ("usage.total_mismatch", .boolean, "true: the sender's total is another one"),
    ("token_count", .long, "usage.total_tokens again, where dashboards look for it"),
    ("latency_ms", .double, "whole duration of the call in milliseconds"),
    ("ttft_ms", .double, "milliseconds to the first token of a stream"),
    ("relay_overhead_ms", .double, "milliseconds that the relay itself took"),
  ]

  private static let rest: [(name: String, type: FieldType, meaning: String)] = [
    ("event_id", .keyword, "the sender's id of this event; not unique, senders reuse them"),
    ("audit_id", .keyword, "the audit entry's id"),
    ("request_id", .keyword, "the call's id: attempts and fallbacks of one request share it"),
    ("response_id", .keyword, "the provider's id of the answer"),
    ("trace_id", .keyword, "the trace it belongs to"),
    ("session_id", .keyword, "the session it belongs to"),
    ("request_hash", .keyword, "the sender's hash of the request"),
    ("response_hash", .keyword, "the sender's hash of the response"),
    ("user_id", .keyword, "the user, or a keyed hash (privacy.user)"),
    ("client_ip", .ip, "the caller's address, whole or cut to its network (privacy.ip)"),
    ("tags", .keyword, "labels"),
    ("request_tags", .keyword, "labels that the caller gave the request"),
    (
      "content_hmac", .keyword,
      "keyed hash over all text that is not known to be a name: prompts, answers, unknown strings"
    ),
    (
      "content_hmac_key_id", .keyword,
      "which key content_hmac and a hashed user_id were made with"
    ),
    (
      "content", .unsearchedText,
      "the texts themselves, in order, scrubbed of secrets; not searched. Only with privacy.content: keep"
    ),
    (
      "extra", .flattened,
      "all other fields under their own dotted paths; strings are [REDACTED] unless listed as names"
    ),
  ]
}
