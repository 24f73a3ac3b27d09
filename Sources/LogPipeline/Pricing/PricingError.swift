/// Why a price table can not be used. The prices in use before stay in use; no event is lost or priced wrongly.
package enum PricingError: Error, Equatable, CustomStringConvertible {
  case notJson(reason: String)
  case schema(found: String)
  case book(name: String, problem: String)
  case row(book: String, model: String, problem: String)

  package var description: String {
    switch self {
    case .notJson(let reason):
      "The price table is no JSON (\(reason)). It was not taken; correct the file."
    case .schema(let found):
      """
      The price table has schema \(found), this version reads relay-prices/2. \
      It was not taken; use a table of that schema.
      """
    case .book(let name, let problem):
      "Price book \(name): \(problem). The table was not taken; correct the file."
    case .row(let book, let model, let problem):
      "Price book \(book), model \(model): \(problem). The table was not taken; correct that row."
    }
  }
}
