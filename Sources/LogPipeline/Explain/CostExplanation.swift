/// How an event's cost came about, to the last digit.
package struct CostExplanation {
  package let status: String
  package let basis: CostBasis
  /// As the event names it; nil: it names none.
  package let rawModel: String?
  package let model: String?
  package let askedBook: PriceBookName
  package let time: String
  package let serviceTier: ServiceTier?
  package let region: PriceRegion?
  /// What the call would cost at the table's prices; nil: there is no price, or no usage.
  package let breakdown: CostBreakdown?
  /// Of the unpriced: names that are near.
  package let nearest: [String]
  package let priceVersion: String
  let reportedUsd: JsonValue?

  init(_ outcome: EventAccount.Outcome, _ document: JsonValue, _ books: PriceBooks) {
    let call = outcome.call
    status = document["cost"]?["status"]?.string ?? "none"
    basis = call.basis
    rawModel = call.rawModel.map { String(decoding: $0, as: UTF8.self) }
    model = call.match.map { String(decoding: $0.model, as: UTF8.self) }
    askedBook = call.askedBook
    time = UtcTime(milliseconds: call.time.milliseconds).text
    serviceTier = call.serviceTier
    region = call.region
    priceVersion = books.version
    reportedUsd = document["cost"]?["reported_usd"]
    breakdown =
      call.hasUsage
      ? call.match.flatMap {
        books.breakdown(
          $0, usage: call.usage, eventMilliseconds: call.time.milliseconds, basis: call.basis,
          serviceTier: call.serviceTier, region: call.region)
      } : nil
    nearest =
      call.match.map { $0.row == nil } ?? false
      ? books.nearest(to: call.rawModel ?? [], atMost: 3) : []
  }

  /// The sum of all products in 1e-12 USD; nil beyond Int64.
  package var picoUsd: Int64? {
    var sum: Int64 = 0
    for line in breakdown?.lines ?? [] {
      guard let product = line.picoUsd else { return nil }
      let (next, overflows) = sum.addingReportingOverflow(product)
      guard !overflows else { return nil }
      sum = next
    }
    return breakdown == nil ? nil : sum
  }

  static func usd(_ picoUsd: Int64) -> String {
    var text: [UInt8] = []
    DecimalText.usd(picoUsd: picoUsd, into: &text)
    return String(decoding: text, as: UTF8.self)
  }
}
