/// What the demo's report reads of one archived document.
struct DemoDocument: Sendable {
  let team: String
  let model: String
  let isFailure: Bool
  let latencyMilliseconds: Double?
  /// In 1e-12 USD; 0 when there is no cost.
  let costPicoUsd: Int64
  let isUnpriced: Bool
  let hasReplacedContent: Bool
  let redactedValues: Int

  init(json: JsonValue) {
    func field(_ path: String) -> JsonValue? {
      json[path] ?? path.split(separator: ".").reduce(Optional(json)) { $0?[String($1)] }
    }
    team = field("team_id")?.string ?? field("team_id_claimed")?.string ?? "(none)"
    model = field("model")?.string ?? "(none)"
    isFailure = (field("outcome")?.string ?? "success") != "success"
    latencyMilliseconds = field("latency_ms")?.double
    costPicoUsd = field("cost_usd")?.double.map(Self.picoUsd) ?? 0
    isUnpriced = field("cost.status")?.string == "unpriced"
    hasReplacedContent = field("content_hmac") != nil
    redactedValues = field("error.message")?.string?.ranges(of: "[REDACTED:").count ?? 0
  }

  /// The exact amount: costs have at most 12 decimals, and a Double of less than 4,000 is off by less than half of the last one.
  private static func picoUsd(_ usd: Double) -> Int64 { Int64((usd * 1e12).rounded()) }
}
