/// What one stage says of itself: an object of `/v1/status`, and metrics named `sheepshipper_<section>_<metric>`.
package struct StatusSection: Equatable, Sendable {
  /// In snake case: "ring", "delivery", "tcp", "webhook".
  package let name: String
  /// A word or a sentence for a person, e.g. "open" or "paused: Elasticsearch answers 401"; nil when there is nothing to say.
  package let state: String?
  package let metrics: [Metric]

  package init(_ name: String, state: String? = nil, metrics: [Metric]) {
    self.name = name
    self.state = state
    self.metrics = metrics
  }
}
