/// What one stage says of itself: an object of `/v1/status`, and metrics named `sheepshipper_<section>_<metric>`.
package struct StatusSection: Equatable, Sendable {
  /// In snake case: "ring", "delivery", "tcp", "webhook".
  package let name: String
  /// A word or a sentence for a person, e.g. "open" or "paused: Elasticsearch answers 401"; nil when there is nothing to say.
  package let state: String?
  /// What is no number, for the status alone.
  package let texts: [Text]
  package let metrics: [Metric]

  package struct Text: Equatable, Sendable {
    package let name: String
    package let value: String
    package init(_ name: String, _ value: String) { (self.name, self.value) = (name, value) }
  }

  package init(
    _ name: String, state: String? = nil, texts: [Text] = [], metrics: [Metric]
  ) {
    self.name = name
    self.state = state
    self.texts = texts
    self.metrics = metrics
  }
}
