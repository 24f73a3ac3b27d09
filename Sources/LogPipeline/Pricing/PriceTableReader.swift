/// Reads a price table whole, or says what is wrong with it.
struct PriceTableReader {
  private var rows: [PriceRow] = []
  private var directNames = ModelNames()
  private var relayNames = ModelNames()
  /// The rows of `direct` by model, for what the relay's book does not list.
  private var direct: [String: (listed: ListedRow, row: Int)] = [:]

  static func read(_ json: [UInt8]) throws(PricingError) -> PriceBooks {
    let table: JsonValue
    do { table = try JsonValue.parse(json) } catch {
      let line = JsonValue.faultLine(of: json).map { "line \($0): " } ?? ""
      throw PricingError.notJson(reason: line + error.reason)
    }
    let schema = table["schema"]?.string ?? "none"
    guard schema == "relay-prices/2" else { throw PricingError.schema(found: schema) }
    var reader = PriceTableReader()
    for (name, _) in table["books"]?.members ?? [] where PriceBookName(rawValue: name) == nil {
      throw PricingError.book(name: name, problem: "is not a book this version knows")
    }
    guard let direct = table["books"]?["direct"] else {
      throw PricingError.book(name: "direct", problem: "is missing")
    }
    try reader.readDirect(direct)
    if let relay = table["books"]?["holysheep"] { try reader.readRelay(relay) }
    return PriceBooks(
      version: table["as_of"]?.string ?? "unknown", rows: reader.rows,
      directNames: reader.directNames, relayNames: reader.relayNames)
  }

  private mutating func readDirect(_ book: JsonValue) throws(PricingError) {
    for listed in try Self.listedRows(of: book, .direct) {
      try add(
        listed, .direct,
        try Self.located(.direct, listed.model) { () throws(ListingProblem) in
          var periods: [PricePeriod] = []
          for period in listed.periods { periods.append(try period.completed(from: nil)) }
          return periods
        })
      direct[listed.model] = (listed, rows.count - 1)
    }
  }

  private mutating func readRelay(_ book: JsonValue) throws(PricingError) {
    guard book["otherwise"]?.string == "direct" else {
      throw PricingError.book(name: "holysheep", problem: "\"otherwise\" must be \"direct\"")
    }
    var relay: [String: Int] = [:]
    for listed in try Self.listedRows(of: book, .holysheep) {
      let other = direct[listed.model]?.listed
      try add(
        listed, .holysheep,
        try Self.located(.holysheep, listed.model) { () throws(ListingProblem) in
          try Self.periods(of: listed, borrowingFrom: other)
        })
      relay[listed.model] = rows.count - 1
    }
    for (alias, target) in book["aliases"]?.members ?? [] {
      guard let model = target.string, let row = relay[model] ?? direct[model]?.row else {
        throw PricingError.book(
          name: "holysheep", problem: "alias \(alias) names a model that no book lists")
      }
      try name(alias, row, .holysheep)
    }
  }

  private mutating func add(
    _ listed: ListedRow, _ book: PriceBookName, _ periods: [PricePeriod]
  ) throws(PricingError) {
    rows.append(
      PriceRow(
        model: listed.model, family: listed.family, provider: listed.provider, book: book,
        periods: periods, listing: listed.listing))
    for name in [listed.model] + listed.aliases { try self.name(name, rows.count - 1, book) }
  }

  private mutating func name(
    _ name: String, _ row: Int, _ book: PriceBookName
  ) throws(PricingError) {
    let other =
      book == .direct ? directNames.add(name, row: row) : relayNames.add(name, row: row)
    if let other {
      throw PricingError.row(
        book: book.rawValue, model: rows[row].model,
        problem: "the name \(name) belongs to \(rows[other].model) already")
    }
  }

  private static func listedRows(
    of book: JsonValue, _ name: PriceBookName
  ) throws(PricingError) -> [ListedRow] {
    guard let models = book["models"]?.elements, !models.isEmpty else {
      throw PricingError.book(name: name.rawValue, problem: "lists no models")
    }
    var rows: [ListedRow] = []
    for (index, model) in models.enumerated() {
      rows.append(
        try located(name, model["model"]?.string ?? "number \(index + 1)") {
          () throws(ListingProblem) in try ListedRow(model)
        })
    }
    return rows
  }

  /// The other book's prices may change within one of our periods: then it is split there.
  private static func periods(
    of listed: ListedRow, borrowingFrom other: ListedRow?
  ) throws(ListingProblem) -> [PricePeriod] {
    let others = other?.periods ?? []
    let changes = Set(others.flatMap { [$0.fromMilliseconds, $0.untilMilliseconds] }).sorted()
    var complete: [PricePeriod] = []
    for period in listed.periods {
      let inside = changes.filter {
        period.fromMilliseconds < $0 && $0 < period.untilMilliseconds
      }
      let ends = [period.fromMilliseconds] + inside + [period.untilMilliseconds]
      for (from, until) in zip(ends, ends.dropFirst()) {
        var part = period
        (part.fromMilliseconds, part.untilMilliseconds) = (from, until)
        let source = others.first {
          $0.fromMilliseconds <= from && until <= $0.untilMilliseconds
        }
        complete.append(try part.completed(from: source))
      }
    }
    return complete
  }

  private static func located<Value>(
    _ book: PriceBookName, _ model: String, _ read: () throws(ListingProblem) -> Value
  ) throws(PricingError) -> Value {
    do { return try read() } catch {
      throw PricingError.row(book: book.rawValue, model: model, problem: error.text)
    }
  }
}
