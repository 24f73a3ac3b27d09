/// `prices list`: what each model costs at a moment.
package struct PriceList {
  private let catalog: PriceCatalog
  private let atMilliseconds: Int64
  private let rows: [(row: PriceRow, standard: Rates?)]

  /// Of all books where `book` is nil.
  package init(_ catalog: PriceCatalog, atMilliseconds: Int64, book: PriceBookName?) {
    self.catalog = catalog
    self.atMilliseconds = atMilliseconds
    rows = catalog.books.rows.filter { book == nil || $0.book == book }.map { row in
      (row, row.periods.first { $0.contains(atMilliseconds) }?.cards[0].standard)
    }
  }

  private static let widths = (book: 9, model: 30, family: 12, rate: 8)

  /// 80 columns.
  package var text: String {
    var text = TextLayout.wrapped(
      "Prices of \(catalog.books.version) (\(catalog.origin)) at \(Self.moment(atMilliseconds)), "
        + "US dollars per million tokens.")
    text += "\n" + Self.line("BOOK", "MODEL", "FAMILY", ["INPUT", "OUTPUT", "CACHED"])
    var marks: RateFields = []
    var hasDerived = false
    for (row, rates) in rows {
      var cells = ["-", "-", "-"]
      if let rates {
        let isDerived = rates.derived.contains(.cached)
        cells = [
          PriceText.rate(rates.input) + (rates.borrowed.contains(.input) ? "*" : ""),
          PriceText.rate(rates.output) + (rates.borrowed.contains(.output) ? "*" : ""),
          PriceText.rate(rates.cached)
            + (rates.borrowed.contains(.cached) ? "*" : isDerived ? "=" : ""),
        ]
        marks.formUnion(rates.borrowed.intersection([.input, .output, .cached]))
        hasDerived = hasDerived || isDerived
      }
      text += Self.line(row.book.rawValue, row.model, row.family, cells)
    }
    text += "\n"
    if !marks.isEmpty { text += "* not published by that book: from direct\n" }
    if hasDerived { text += "= no cached price is listed: the input rate\n" }
    if rows.contains(where: { $0.standard == nil }) { text += "- no price is known at that time\n" }
    return text + "Tiers, service tiers and names of one: sheepshipper prices show MODEL\n"
  }

  private static func line(
    _ book: String, _ model: String, _ family: String, _ cells: [String]
  ) -> String {
    PriceText.line(
      PriceText.left(book, widths.book) + " " + PriceText.left(model, widths.model) + " "
        + PriceText.left(family, widths.family)
        + cells.map { " " + PriceText.right($0, widths.rate) }.joined())
  }

  static func moment(_ milliseconds: Int64) -> String {
    TextAmount.moment(UInt64(clamping: milliseconds))
  }

  package var json: JsonValue {
    .object([
      ("table", catalog.json), ("at", .string(UtcTime(milliseconds: atMilliseconds).text)),
      ("unit", .string("US dollars per million tokens")),
      (
        "models",
        .array(
          rows.map { row, rates in
            .object([
              ("book", .string(row.book.rawValue)), ("model", .string(row.model)),
              ("family", .string(row.family)), ("provider", .string(row.provider)),
              ("input", rates.map { PriceText.number($0.input) } ?? .null),
              ("output", rates.map { PriceText.number($0.output) } ?? .null),
              ("cached", rates.map { PriceText.number($0.cached) } ?? .null),
              (
                "borrowed",
                .array(
                  zip(PriceLine.names, [RateFields.input, .output, .cached])
                    .filter { rates?.borrowed.contains($0.1) ?? false }.map { .string($0.0) })
              ),
            ])
          })
      ),
    ])
  }
}
