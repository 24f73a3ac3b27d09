/// What a million tokens cost in micro-dollars (so one token costs that many 1e-12 USD), with nothing missing any more.
struct Rates: Equatable, Sendable {
  var input: Int64
  var output: Int64
  var cached: Int64
  var cacheWrite: Int64
  var cacheWrite1h: Int64
  var reasoning: Int64
  /// Which of the above the row's own book does not publish.
  var borrowed: RateFields = []
  /// Which no book publishes: they follow from other rates.
  var derived: RateFields = []

  /// Every rate times `permille` / 1000. The reader checked that each product is whole.
  mutating func scale(permille: Int64) {
    input = input * permille / 1000
    output = output * permille / 1000
    cached = cached * permille / 1000
    cacheWrite = cacheWrite * permille / 1000
    cacheWrite1h = cacheWrite1h * permille / 1000
    reasoning = reasoning * permille / 1000
  }

  /// "listed", "borrowed" from the other book, or "derived" from another rate.
  func origin(of field: RateFields) -> String {
    if borrowed.contains(field) { return "borrowed" }
    return derived.contains(field) ? "derived" : "listed"
  }

  var all: [Int64] { [input, output, cached, cacheWrite, cacheWrite1h, reasoning] }
}
