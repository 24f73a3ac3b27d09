/// What the demo's archived documents say: per team requests, errors, speed and cost; what had no price; what was taken out.
package struct DemoReport: Equatable, Sendable {
  package struct Team: Equatable, Sendable {
    package let name: String
    package let requests: Int
    package let errors: Int
    /// The smallest latency that 95 of 100 requests do not pass; nil when none carried a latency.
    package let latencyP95Milliseconds: Double?
    /// In 1e-12 USD.
    package let costPicoUsd: Int64
  }

  package struct UnpricedModel: Equatable, Sendable {
    package let model: String
    package let requests: Int
  }

  /// Costliest first.
  package let teams: [Team]
  /// Most requests first.
  package let unpriced: [UnpricedModel]
  package let documents: Int
  /// Documents whose prompts and answers were replaced before they reached the disk.
  package let contentsReplaced: Int
  /// Addresses, cards, keys and the like taken out of error messages.
  package let valuesRedacted: Int
  package var costPicoUsd: Int64 { teams.reduce(0) { $0 + $1.costPicoUsd } }

  /// Reads documents as the archive holds them, one JSON object each.
  package init(documents: some Sequence<[UInt8]>) throws(JsonError) {
    var tallies: [String: Tally] = [:]
    var unpricedCounts: [String: Int] = [:]
    var (count, contents, values) = (0, 0, 0)
    for bytes in documents {
      let document = DemoDocument(json: try JsonValue.parse(bytes))
      count += 1
      contents += document.hasReplacedContent ? 1 : 0
      values += document.redactedValues
      if document.isUnpriced { unpricedCounts[document.model, default: 0] += 1 }
      tallies[document.team, default: Tally()].add(document)
    }
    self.documents = count
    contentsReplaced = contents
    valuesRedacted = values
    teams = tallies.map { $1.team(named: $0) }
      .sorted { ($0.costPicoUsd, $1.name) > ($1.costPicoUsd, $0.name) }
    unpriced = unpricedCounts.map { UnpricedModel(model: $0, requests: $1) }
      .sorted { ($0.requests, $1.model) > ($1.requests, $0.model) }
  }

  private struct Tally {
    private var requests = 0
    private var errors = 0
    private var latencies: [Double] = []
    private var costPicoUsd: Int64 = 0

    mutating func add(_ document: DemoDocument) {
      requests += 1
      errors += document.isFailure ? 1 : 0
      if let latency = document.latencyMilliseconds { latencies.append(latency) }
      costPicoUsd += document.costPicoUsd
    }

    func team(named name: String) -> Team {
      Team(
        name: name, requests: requests, errors: errors, latencyP95Milliseconds: nearestRank95,
        costPicoUsd: costPicoUsd)
    }

    private var nearestRank95: Double? {
      latencies.isEmpty ? nil : latencies.sorted()[(latencies.count * 95 + 99) / 100 - 1]
    }
  }
}
