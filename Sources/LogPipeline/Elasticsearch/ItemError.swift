/// Elasticsearch's own words about one item, or about a whole request. Not scrubbed yet.
struct ItemError: Equatable {
  let status: Int
  let type: String
  let reason: String
}
