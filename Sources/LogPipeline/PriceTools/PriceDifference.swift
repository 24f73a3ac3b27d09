/// `prices diff`: what another table would change.
package struct PriceDifference {
  struct Change {
    enum Kind: String { case added, removed, changed }
    let kind: Kind
    let book: PriceBookName
    let model: String
    let figures: [Figure]
  }

  /// One figure of a row; nil: it is not there.
  struct Figure: Equatable {
    let name: String
    let old: String?
    let new: String?
  }

  private let old: PriceCatalog
  private let new: PriceCatalog
  private let changes: [Change]

  package init(from old: PriceCatalog, to new: PriceCatalog) {
    self.old = old
    self.new = new
    let (before, after) = (Self.rows(old.books), Self.rows(new.books))
    var changes: [Change] = []
    for key in Set(before.keys).union(after.keys).sorted(by: {
      ($0.book, $0.model) < ($1.book, $1.model)
    }) {
      guard let book = PriceBookName(rawValue: key.book) else { continue }
      let figures = Self.figures(before[key] ?? [:], after[key] ?? [:])
      let kind: Change.Kind =
        before[key] == nil ? .added : after[key] == nil ? .removed : .changed
      if kind != .changed || !figures.isEmpty {
        changes.append(Change(kind: kind, book: book, model: key.model, figures: figures))
      }
    }
    self.changes = changes
  }

  /// Whether an event could get another model name or cost.
  package var isEmpty: Bool { changes.isEmpty }

  private struct Key: Hashable {
    let book: String
    let model: String
  }

  private static func rows(_ books: PriceBooks) -> [Key: [String: String]] {
    var rows: [Key: [String: String]] = [:]
    for (index, row) in books.rows.enumerated() {
      rows[Key(book: row.book.rawValue, model: row.model)] = figures(of: row, books, index)
    }
    return rows
  }

  /// Everything of a row that decides about an event, by name.
  private static func figures(
    of row: PriceRow, _ books: PriceBooks, _ index: Int
  ) -> [String: String] {
    var figures = ["family": row.family, "provider": row.provider]
    for book in PriceBookName.allCases {
      for name in books.names(of: index, book: book) where name != row.model {
        figures["name \(name)\(book == row.book ? "" : " in \(book.rawValue)")"] = "listed"
      }
    }
    for period in row.periods {
      let from = PriceDate.text(period.fromMilliseconds).map { "from \($0), " } ?? ""
      if let until = PriceDate.text(period.untilMilliseconds) { figures["\(from)until"] = until }
      for line in period.lines {
        let label = line.label == "standard" ? "" : "\(line.label), "
        for (name, figure) in zip(PriceLine.names, line.figures) {
          let mark = line.rates.borrowed.contains(figure.field) ? " (direct's)" : ""
          figures[from + label + name] = PriceText.rate(figure.micro) + mark
        }
      }
      if let hours = period.offPeak { figures["\(from)off-peak hours"] = hours.text }
      for region in period.regions {
        figures["\(from)region \(region.name)"] = "x \(PriceSheet.factor(region.permille))"
      }
    }
    return figures
  }

  private static func figures(_ old: [String: String], _ new: [String: String]) -> [Figure] {
    Set(old.keys).union(new.keys).sorted().compactMap { name in
      old[name] == new[name] ? nil : Figure(name: name, old: old[name], new: new[name])
    }
  }

  private func count(_ kind: Change.Kind) -> Int { changes.count { $0.kind == kind } }

  /// "2 added, 1 removed, 3 changed".
  package var summary: String {
    isEmpty
      ? "nothing changes"
      : "\(count(.added)) added, \(count(.removed)) removed, \(count(.changed)) changed"
  }

  /// 80 columns.
  package var text: String {
    var text = "in effect  \(old.books.version) (\(old.origin))\n"
    text += "compared   \(new.books.version) (\(new.origin))\n"
    if new.books.version < old.books.version {
      text += TextLayout.wrapped("That table is older than the one in effect.")
    }
    if !isEmpty { text += "\n" }
    for change in changes {
      text += PriceText.line(
        "\(PriceText.left(change.kind.rawValue, 8)) \(PriceText.left(change.book.rawValue, 10))"
          + change.model)
      for figure in Self.shown(change) {
        let words: String
        switch (figure.old, figure.new) {
        case (nil, let new?): words = change.kind == .added ? new : "\(new) (new)"
        case (let old?, nil): words = change.kind == .removed ? old : "\(old) (gone)"
        default: words = "\(figure.old ?? "") -> \(figure.new ?? "")"
        }
        text += TextLayout.wrapped("\(figure.name): \(words)", indent: 9, hanging: 2)
      }
    }
    return text + "\n" + summary + "\n"
  }

  /// Of a whole row that comes or goes only its main prices; `show` has the rest.
  private static func shown(_ change: Change) -> [Figure] {
    guard change.kind != .changed else { return change.figures }
    return change.figures.filter { ["input", "output", "cached"].contains($0.name) }
  }

  package var json: JsonValue {
    .object([
      ("in_effect", old.json), ("compared", new.json), ("differs", .bool(!isEmpty)),
      (
        "changes",
        .array(
          changes.map { change in
            .object([
              ("kind", .string(change.kind.rawValue)), ("book", .string(change.book.rawValue)),
              ("model", .string(change.model)),
              (
                "figures",
                .array(
                  change.figures.map {
                    .object([
                      ("name", .string($0.name)), ("old", $0.old.map(JsonValue.string) ?? .null),
                      ("new", $0.new.map(JsonValue.string) ?? .null),
                    ])
                  })
              ),
            ])
          })
      ),
    ])
  }
}
