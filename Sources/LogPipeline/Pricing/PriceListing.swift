/// What a table says about a row beside its prices: for people.
struct PriceListing: Equatable, Sendable {
  /// Where the prices come from.
  let source: String?
  let note: String?
  /// "2026-10-23": when the provider takes the model away.
  let retiresOn: String?

  init(_ json: JsonValue) {
    source = json["source"]?.string
    note = json["note"]?.string
    retiresOn = json["retires_on"]?.string
  }
}
