/// Whether calls of models come in that have no price.
package struct UnpricedModelsCheck: DoctorCheck {
  package static let name = "prices"
  private static let shownMax = 5

  private let agent: RunningAgent
  private let server: DoctorServer?

  /// `server`: where the events are, which can name the models; nil: nowhere.
  package init(_ agent: RunningAgent, _ server: DoctorServer?) {
    (self.agent, self.server) = (agent, server)
  }

  package func run() -> [DoctorFinding] {
    let isWorthAsking = Self.unpriced(agent) > 0 && server?.obstacle == nil
    return [Self.judge(agent, models: isWorthAsking ? server.map(Self.models) ?? [] : [])]
  }

  private static func unpriced(_ agent: RunningAgent) -> UInt64 {
    UInt64(clamping: agent.status?["events"]?["cost_status_total"]?["unpriced"]?.integer ?? 0)
  }

  /// The models of the last day's events without a price, most frequent first; empty where this user may not search.
  private static func models(_ server: DoctorServer) -> [String] {
    var request = HttpRequest(
      method: .post,
      path: "/\(server.template.indexPattern)/_search?ignore_unavailable=true",
      contentType: "application/json")
    request.body = Array(
      """
      {"size":0,"query":{"bool":{"filter":[{"term":{"cost.status":"unpriced"}},\
      {"range":{"@timestamp":{"gte":"now-1d"}}}]}},\
      "aggs":{"models":{"terms":{"field":"model","size":\(shownMax)}}}}
      """.utf8)
    guard case .found(let tree) = server.ask(request) else { return [] }
    let buckets = tree["aggregations"]?["models"]?["buckets"]?.elements ?? []
    return buckets.compactMap { $0["key"]?.string }
  }

  /// `models`: as far as the index tells.
  package static func judge(_ agent: RunningAgent, models: [String]) -> DoctorFinding {
    guard let status = agent.status else { return .skipped(name, agent.shortAbsence) }
    let unpriced = unpriced(agent)
    guard unpriced > 0 else {
      let priced = UInt64(
        clamping: status["events"]?["cost_status_total"]?["priced"]?.integer ?? 0)
      return .ok(
        name,
        "no event without a price since the agent's start, \(TextAmount.count(priced)) with one")
    }
    let show =
      models.first.map { "sheepshipper prices show \($0)" }
      ?? "sheepshipper tap --filter cost.status=unpriced"
    return .warning(
      name,
      "\(TextAmount.counted(unpriced, "event")) since the agent's start had a model without a price.",
      models.isEmpty ? "" : "In the last day: \(models.joined(separator: ", ")).",
      meanwhile:
        "They are stored whole, with their tokens and without a cost: sums of cost are too "
        + "small by them.",
      remedy: models.isEmpty
        ? "See the next of them pass, and add their models to a price table of your own:"
        : "See what the price table has, and add them to one of your own:",
      type: [show, "sheepshipper prices update new-prices.json"])
  }
}
