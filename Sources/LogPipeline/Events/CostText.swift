/// What a document's text about the prices of its cost depends on.
struct CostText: Equatable {
  let book: PriceBookName
  let basis: CostBasis
  let isPartlyFromOtherBook: Bool
  let inputMicroUsdPerMTok: Int64
  let outputMicroUsdPerMTok: Int64
}
