/// What one stage says of itself: an object of `/v1/status`, and metrics named `sheepshipper_<section>_<metric>`.
package struct StatusSection: Equatable, Sendable {
  /// In snake case: "ring", "delivery", "tcp", "webhook".
  package let name: String
  /// A word or a sentence for a person, e.g. "open" or "paused: Elasticsearch answers 401"; nil when there is nothing to say.
  package let state: String?
  /// What is no number, for the status alone.
  package let texts: [Text]
  package let metrics: [Metric]
  /// Names that have no bound, so that they can be no label of a metric: a few of them, for the status alone.
  package let tables: [Table]

  package struct Table: Equatable, Sendable {
    package struct Row: Equatable, Sendable {
      package let name: String
      package let counts: [Count]
      /// More names of it.
      package let texts: [Text]
      package init(_ name: String, _ counts: [Count], texts: [Text] = []) {
        (self.name, self.counts, self.texts) = (name, counts, texts)
      }
    }
    package struct Count: Equatable, Sendable {
      package let name: String
      package let value: UInt64
      package init(_ name: String, _ value: UInt64) { (self.name, self.value) = (name, value) }
    }

    package let name: String
    /// What a row's name is: "address".
    package let rowName: String
    package let rows: [Row]
    package init(_ name: String, by rowName: String, _ rows: [Row]) {
      (self.name, self.rowName, self.rows) = (name, rowName, rows)
    }
  }

  package struct Text: Equatable, Sendable {
    package let name: String
    package let value: String
    package init(_ name: String, _ value: String) { (self.name, self.value) = (name, value) }
  }

  package init(
    _ name: String, state: String? = nil, texts: [Text] = [], metrics: [Metric],
    tables: [Table] = []
  ) {
    self.name = name
    self.state = state
    self.texts = texts
    self.metrics = metrics
    self.tables = tables
  }
}
