/// One model of a table as it is listed, with its periods still incomplete.
struct ListedRow {
  let model: String
  let family: String
  let provider: String
  let aliases: [String]
  let periods: [ListedPeriod]
  let listing: PriceListing

  init(_ json: JsonValue) throws(ListingProblem) {
    model = try Self.name(json, "model")
    family = try Self.name(json, "family")
    provider = try Self.name(json, "provider")
    listing = PriceListing(json)
    aliases = (json["aliases"]?.elements ?? []).compactMap(\.string)
    var periods = [try ListedPeriod(json, isCurrent: true)]
    for past in json["history"]?.elements ?? [] {
      periods.append(try ListedPeriod(past, isCurrent: false))
    }
    periods.sort { $0.fromMilliseconds < $1.fromMilliseconds }
    for (earlier, later) in zip(periods, periods.dropFirst())
    where earlier.untilMilliseconds > later.fromMilliseconds {
      throw ListingProblem("two of its price periods overlap")
    }
    self.periods = periods
  }

  /// Names go into documents as they are.
  private static func name(_ json: JsonValue, _ key: String) throws(ListingProblem) -> String {
    guard let text = json[key]?.string, !text.isEmpty,
      text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != 0x22 && $0 != 0x5c })
    else { throw ListingProblem("\(key) is missing or not plain text") }
    return text
  }
}
