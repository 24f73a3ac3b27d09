/// Elasticsearch's own words about one item, or about a whole request. Not scrubbed yet.
package struct ItemError: Equatable, Sendable {
  package let status: Int
  package let type: String
  package let reason: String

  package init(status: Int, type: String, reason: String) {
    self.status = status
    self.type = type
    self.reason = reason
  }
}
