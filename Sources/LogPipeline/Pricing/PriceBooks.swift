/// All prices: rows with validity periods, and which names mean which row in which book.
///
/// Immutable, so every intake thread shares one without a lock.
package struct PriceBooks: Sendable {
  /// The table's own date, "2026-11-20": documents carry it, so that a cost can be traced to its prices.
  package let version: String
  package let rows: [PriceRow]
  private let directNames: ModelNames
  private let relayNames: ModelNames

  init(version: String, rows: [PriceRow], directNames: ModelNames, relayNames: ModelNames) {
    self.version = version
    self.rows = rows
    self.directNames = directNames
    self.relayNames = relayNames
  }

  /// Reads a table of schema "relay-prices/2", whole or not at all.
  /// - Throws: ``PricingError``, naming the row at fault.
  package static func load(_ json: [UInt8]) throws(PricingError) -> PriceBooks {
    try PriceTableReader.read(json)
  }

  /// The meaning of a name, worked out anew; ``ModelResolver`` remembers it.
  func match(_ rawModel: UnsafeRawBufferPointer, book: PriceBookName) -> ModelMatch {
    let name = unsafe ModelName(rawModel)
    let row = (book == .holysheep ? relayNames.row(of: name) : nil) ?? directNames.row(of: name)
    guard let row else {
      return ModelMatch(model: name.normalised, family: nil, row: nil, book: book)
    }
    let found = rows[row]
    return ModelMatch(
      model: Array(found.model.utf8), family: Array(found.family.utf8), row: row, book: found.book)
  }

  /// The names that lead to a row in a book.
  func names(of row: Int, book: PriceBookName) -> [String] {
    (book == .direct ? directNames : relayNames).names(of: row)
  }

  /// Listed names near an unknown one, the nearest first; nearer ones than what shares less than half with it.
  ///
  /// Compares with every name: for commands.
  func nearest(to rawModel: [UInt8], atMost count: Int) -> [String] {
    let wanted = unsafe rawModel.withUnsafeBytes { unsafe ModelName($0).normalised }
    let limit = wanted.count / 2 + 1
    var distances: [String: Int] = [:]
    for row in rows {
      let distance = EditDistance.between(wanted, Array(row.model.utf8), below: limit)
      if distance < limit { distances[row.model] = distance }
    }
    return distances.sorted { ($0.value, $0.key) < ($1.value, $1.key) }.prefix(count).map(\.key)
  }

  /// The listed name that an unpriced one is most likely a slip of, for messages; `nil` when none is close.
  ///
  /// Compares with every name: not for the event path.
  package func nearest(to rawModel: [UInt8]) -> String? {
    let wanted = unsafe rawModel.withUnsafeBytes { unsafe ModelName($0).normalised }
    // Beyond a third of the name it is a guess, not a slip.
    var limit = wanted.count / 3 + 1
    var best: String?
    for row in rows {
      let distance = EditDistance.between(wanted, Array(row.model.utf8), below: limit)
      if distance < limit {
        limit = distance
        best = row.model
      }
    }
    return best
  }
}
