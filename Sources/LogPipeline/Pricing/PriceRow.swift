/// A model as a price book lists it.
package struct PriceRow: Equatable, Sendable {
  /// The canonical name.
  package let model: String
  package let family: String
  package let provider: String
  package let book: PriceBookName
  /// By rising time, without overlaps; a moment in none of them has no price.
  let periods: [PricePeriod]
  let listing: PriceListing
}
