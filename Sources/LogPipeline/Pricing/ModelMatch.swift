/// What a raw model name means in a price book.
package struct ModelMatch: Equatable, Sendable {
  /// The canonical name, or the normalised raw name when unknown: valid UTF-8 without quotes, backslashes and controls.
  package let model: [UInt8]
  /// `nil` when unknown.
  package let family: [UInt8]?
  /// Into the rows of the books; `nil`: no price.
  package let row: Int?
  /// Where the row comes from: `direct` too for a model the relay's book does not list.
  package let book: PriceBookName

  package init(model: [UInt8], family: [UInt8]?, row: Int?, book: PriceBookName) {
    self.model = model
    self.family = family
    self.row = row
    self.book = book
  }
}
