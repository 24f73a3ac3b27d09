/// The prices of a model over a span of time, as listed.
struct ListedPeriod {
  var fromMilliseconds: Int64
  var untilMilliseconds: Int64
  var rates: ListedRates
  var serviceTiers: ListedServiceTiers
  var tiers: [ListedTier]
  var offPeak: OffPeakHours?
  var euPermille: Int64
  var usPermille: Int64

  /// `isCurrent` is the row itself, which has no end; else it is an entry of its history, which has one.
  init(_ json: JsonValue, isCurrent: Bool) throws(ListingProblem) {
    fromMilliseconds = try Self.date(json, "effective_from") ?? .min
    untilMilliseconds = isCurrent ? .max : try Self.date(json, "effective_to") ?? .min
    guard fromMilliseconds < untilMilliseconds else {
      throw ListingProblem("a price period of its history ends before it starts, or has no end")
    }
    rates = try ListedRates(json)
    serviceTiers = try ListedServiceTiers(json["service_tiers"])
    tiers = []
    for tier in json["tiers"]?.elements ?? [] { tiers.append(try ListedTier(tier)) }
    tiers.sort { $0.fromInputTokens < $1.fromInputTokens }
    offPeak = try json["off_peak"].map(Self.offPeak)
    guard offPeak == nil || tiers.isEmpty else {
      throw ListingProblem("off_peak together with tiers is not understood")
    }
    (euPermille, usPermille) = try Self.regions(json["region_multiplier"])
  }

  /// All prices complete. Of `other`, the same model in the book this one falls back to, comes what is not listed here.
  func completed(from other: ListedPeriod?) throws(ListingProblem) -> PricePeriod {
    var base = RateCard(
      fromInputTokens: 0, standard: try rates.completed(from: other?.rates ?? ListedRates()))
    if serviceTiers.isEmpty, let other {
      try other.serviceTiers.complete(&base, standard: other.rates, areBorrowed: true)
    } else {
      try serviceTiers.complete(&base, standard: rates, areBorrowed: false)
    }
    let borrowsTiers = tiers.isEmpty && other != nil
    var cards = [base]
    for tier in borrowsTiers ? other?.tiers ?? [] : tiers {
      cards.append(try tier.completed(isBorrowed: borrowsTiers))
    }
    let period = PricePeriod(
      fromMilliseconds: fromMilliseconds, untilMilliseconds: untilMilliseconds, cards: cards,
      offPeak: offPeak, euPermille: euPermille, usPermille: usPermille)
    try Self.checkRegions(of: period)
    return period
  }

  /// Regional prices must stay whole numbers of micro-dollars too.
  private static func checkRegions(of period: PricePeriod) throws(ListingProblem) {
    var sets = period.cards.flatMap { [$0.standard, $0.flex, $0.priority, $0.batch] }
    sets.append(period.offPeak?.rates)
    for permille in [period.euPermille, period.usPermille] {
      for rate in sets.compactMap(\.self).flatMap(\.all)
      where !(rate * permille).isMultiple(of: 1000) {
        throw ListingProblem("region_multiplier makes a rate no whole number of micro-dollars")
      }
    }
  }

  private static func regions(
    _ json: JsonValue?
  ) throws(ListingProblem) -> (eu: Int64, us: Int64) {
    var found: (eu: Int64, us: Int64) = (1000, 1000)
    for (name, value) in json?.members ?? [] {
      guard let region = PriceRegion(rawValue: name), let factor = value.double,
        (1...10).contains(factor), abs(factor * 1000 - (factor * 1000).rounded()) < 1e-6
      else { throw ListingProblem("region_multiplier \(name) is not understood") }
      let permille = Int64((factor * 1000).rounded())
      switch region {
      case .eu: found.eu = permille
      case .us: found.us = permille
      }
    }
    return found
  }

  private static func offPeak(_ json: JsonValue) throws(ListingProblem) -> OffPeakHours {
    var masks = [UInt32](repeating: 0, count: 7)
    for window in json["windows_utc"]?.elements ?? [] {
      var mask: UInt32 = 0
      for span in window["hours"]?.elements ?? [] { mask |= try hourMask(span.string ?? "") }
      for day in window["iso_weekdays"]?.elements ?? [] {
        guard let number = day.integer, (1...7).contains(number) else {
          throw ListingProblem("off_peak has a weekday outside 1 to 7")
        }
        masks[Int(number) - 1] |= mask
      }
    }
    return OffPeakHours(rates: try ListedRates(json).completed(), hoursByWeekday: masks)
  }

  /// "04:00-06:00" as bits 4 and 5; "10:00-00:00" lasts until midnight.
  private static func hourMask(_ span: String) throws(ListingProblem) -> UInt32 {
    let ends = span.split(separator: "-").map { $0.split(separator: ":") }
    guard ends.count == 2, ends.allSatisfy({ $0.count == 2 && $0[1] == "00" }),
      let first = Int(ends[0][0]), let last = Int(ends[1][0]), (0...23).contains(first),
      (0...24).contains(last)
    else { throw ListingProblem("off_peak hours \(span) are not whole hours") }
    let end = last == 0 ? 24 : last
    guard first < end else { throw ListingProblem("off_peak hours \(span) end before they start") }
    return (first..<end).reduce(0) { $0 | 1 << UInt32($1) }
  }

  /// Midnight UTC of "2026-08-21", in milliseconds since 1970.
  private static func date(_ json: JsonValue, _ key: String) throws(ListingProblem) -> Int64? {
    guard let value = json[key], value != .null else { return nil }
    let parts = (value.string ?? "").split(separator: "-").map { Int($0) ?? 0 }
    guard parts.count == 3, (1970...9999).contains(parts[0]), (1...12).contains(parts[1]),
      (1...31).contains(parts[2])
    else { throw ListingProblem("\(key) is no date such as 2026-08-21") }
    return Int64(UtcTime.days(year: parts[0], month: parts[1], day: parts[2])) * 86_400_000
  }
}
