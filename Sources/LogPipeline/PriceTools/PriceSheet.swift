/// `prices show`: all that is known of one model's price.
package struct PriceSheet {
  private let catalog: PriceCatalog
  private let asked: String
  private let row: PriceRow
  private let names: [String]
  /// All, or the one of the moment asked for.
  private let periods: [PricePeriod]
  private let atMilliseconds: Int64?
  private let nowMilliseconds: Int64

  /// With all periods where `atMilliseconds` is nil.
  /// - Throws: ``PriceToolError/unknownModel(name:book:nearest:)``.
  package init(
    _ catalog: PriceCatalog, model: String, book: PriceBookName, atMilliseconds: Int64?,
    nowMilliseconds: Int64
  ) throws(PriceToolError) {
    let books = catalog.books
    let name = Array(model.utf8)
    guard let row = unsafe name.withUnsafeBytes({ unsafe books.match($0, book: book) }).row else {
      throw .unknownModel(
        name: model, book: book.rawValue, nearest: books.nearest(to: name, atMost: 3))
    }
    self.catalog = catalog
    self.row = books.rows[row]
    names = books.names(of: row, book: book).filter { $0 != books.rows[row].model }
    asked = model
    periods = books.rows[row].periods.filter {
      atMilliseconds.map($0.contains) ?? true
    }.reversed()
    self.atMilliseconds = atMilliseconds
    self.nowMilliseconds = nowMilliseconds
  }

  /// What a name means: in the given book, or in each book that means another row by it.
  package static func sheets(
    of model: String, in catalog: PriceCatalog, book only: PriceBookName?, atMilliseconds: Int64?,
    nowMilliseconds: Int64
  ) throws(PriceToolError) -> [PriceSheet] {
    var sheets: [PriceSheet] = []
    for book in only.map({ [$0] }) ?? [.direct, .holysheep] {
      let sheet: PriceSheet
      do throws(PriceToolError) {
        sheet = try PriceSheet(
          catalog, model: model, book: book, atMilliseconds: atMilliseconds,
          nowMilliseconds: nowMilliseconds)
      } catch {
        // A name may be the relay's alone.
        if only == nil, book == .direct, catalog.isListed(model, .holysheep) { continue }
        throw error
      }
      if !sheets.contains(where: { $0.row == sheet.row }) { sheets.append(sheet) }
    }
    return sheets
  }

  private static let labelWidth = 31
  private static let indent = 10

  /// 80 columns.
  package var text: String {
    var text = "\(row.model), book \(row.book.rawValue)"
    text += asked == row.model ? "\n\n" : ": what \"\(asked)\" means\n\n"
    text += Self.row("family", "\(row.family), provider \(row.provider)")
    text += Self.row("table", "\(catalog.books.version) (\(catalog.origin))")
    if let source = row.listing.source { text += Self.row("source", source) }
    if let note = row.listing.note { text += Self.row("note", note) }
    if let date = row.listing.retiresOn { text += Self.row("retires", date) }
    text += Self.row("names", names.isEmpty ? "no other" : names.joined(separator: ", "))
    if periods.isEmpty {
      text += Self.row("prices", "none is known at \(PriceList.moment(atMilliseconds ?? 0))")
    }
    var marks: Set<String> = []
    for period in periods { text += "\n" + self.text(of: period, &marks) }
    text += "\nUS dollars per million tokens.\n"
    if marks.contains("borrowed") {
      text += "* this book does not publish it: borrowed from direct\n"
    }
    if marks.contains("derived") {
      text += TextLayout.wrapped(
        "= not listed: cached input and cache writes cost the input rate, an hour's write as five "
          + "minutes' (of a service tier: in its ratio to input), reasoning as output", hanging: 2)
    }
    return text
  }

  private func text(of period: PricePeriod, _ marks: inout Set<String>) -> String {
    var text =
      PriceText.left(title(of: period), Self.labelWidth)
      + ["input", "output", "cached", "write 5m", "write 1h"].map { PriceText.right($0, 9) }
      .joined()
    text = PriceText.line(text)
    for line in period.lines {
      var row = PriceText.left("  \(line.label)", Self.labelWidth)
      for figure in line.figures.prefix(5) {
        let origin = line.rates.origin(of: figure.field)
        marks.insert(origin)
        row += PriceText.right(PriceText.rate(figure.micro) + Self.mark(origin), 9)
      }
      text += PriceText.line(row)
      if line.rates.reasoning != line.rates.output {
        text += "    reasoning \(PriceText.rate(line.rates.reasoning))\n"
      }
    }
    if let hours = period.offPeak {
      text += TextLayout.wrapped("off-peak, UTC: \(hours.text)", indent: 2, hanging: 2)
    }
    for region in period.regions {
      text += "  processed in \(region.name): all of it x \(Self.factor(region.permille))\n"
    }
    return text
  }

  private func title(of period: PricePeriod) -> String {
    let from = PriceDate.text(period.fromMilliseconds)
    let until = PriceDate.text(period.untilMilliseconds)
    let isNow = period.contains(nowMilliseconds) && periods.count > 1 ? " (now)" : ""
    switch (from, until) {
    case (nil, nil): return "at any time"
    case (let from?, nil): return "from \(from)\(isNow)"
    case (nil, let until?): return "before \(until)\(isNow)"
    case (let from?, let until?): return "\(from) to \(until)\(isNow)"
    }
  }

  private static func mark(_ origin: String) -> String {
    switch origin {
    case "borrowed": "*"
    case "derived": "="
    default: ""
    }
  }

  /// "1.1".
  static func factor(_ permille: Int64) -> String { PriceText.rate(permille * 1000) }

  private static func row(_ label: String, _ text: String) -> String {
    TextLayout.wrapped(
      PriceText.left(label, indent).replacing(" ", with: "\u{1}") + text, hanging: indent
    )
    .replacing("\u{1}", with: " ")
  }

  package var json: JsonValue {
    .object([
      ("asked", .string(asked)), ("book", .string(row.book.rawValue)),
      ("model", .string(row.model)), ("family", .string(row.family)),
      ("provider", .string(row.provider)), ("table", catalog.json),
      ("source", row.listing.source.map(JsonValue.string) ?? .null),
      ("note", row.listing.note.map(JsonValue.string) ?? .null),
      ("retires_on", row.listing.retiresOn.map(JsonValue.string) ?? .null),
      ("names", .array(names.map(JsonValue.string))),
      ("unit", .string("US dollars per million tokens")),
      ("periods", .array(periods.map(Self.json))),
    ])
  }

  private static func json(of period: PricePeriod) -> JsonValue {
    .object([
      ("from", PriceDate.text(period.fromMilliseconds).map(JsonValue.string) ?? .null),
      ("until", PriceDate.text(period.untilMilliseconds).map(JsonValue.string) ?? .null),
      ("rates", .array(period.lines.map(\.json))),
      ("off_peak_utc", period.offPeak.map { .string($0.text) } ?? .null),
      (
        "region_multiplier",
        .object(period.regions.map { ($0.name, PriceText.number($0.permille * 1000)) })
      ),
    ])
  }
}

extension OffPeakHours {
  /// "Mon-Fri 00-01, 04-06, 10-24; Sat-Sun 00-24".
  var text: String {
    let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    var parts: [String] = []
    var first = 0
    while first < 7 {
      var last = first
      while last + 1 < 7, hoursByWeekday[last + 1] == hoursByWeekday[first] { last += 1 }
      let hours = Self.spans(hoursByWeekday[first])
      if !hours.isEmpty {
        let name = first == last ? days[first] : "\(days[first])-\(days[last])"
        parts.append("\(name) \(hours)")
      }
      first = last + 1
    }
    return parts.joined(separator: "; ")
  }

  private static func spans(_ mask: UInt32) -> String {
    var spans: [String] = []
    var hour = 0
    while hour < 24 {
      guard mask & 1 << UInt32(hour) != 0 else {
        hour += 1
        continue
      }
      let start = hour
      while hour < 24, mask & 1 << UInt32(hour) != 0 { hour += 1 }
      spans.append("\(UtcTime.padded(start, 2))-\(UtcTime.padded(hour, 2))")
    }
    return spans.joined(separator: ", ")
  }
}
