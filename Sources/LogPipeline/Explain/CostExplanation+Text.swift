/// The arithmetic, line by line.
extension CostExplanation {
  var text: String {
    var text = paragraph(modelText)
    switch status {
    case "unpriced": return text + paragraph(unpricedText)
    case "no_usage":
      return text
        + paragraph(
          "It says nothing of the tokens that the basis \(basis.rawValue) needs: no cost.")
    case "reported":
      return text + paragraph("It says nothing of its tokens: the cost is the sender's own figure.")
    case "cache_hit":
      text += paragraph(
        "Answered from the relay's own cache: it costs 0."
          + (breakdown == nil ? "" : " What it saved, saved_cache_cost:"))
    default: break
    }
    guard let breakdown else { return text }
    text += paragraph(priceText(breakdown))
    if basis != .split {
      text += paragraph(
        basis == .total
          ? "Basis total: all tokens at the output rate."
          : "Basis output: only output is billed.")
    }
    return text + table(breakdown)
  }

  private func paragraph(_ text: String) -> String {
    TextLayout.wrapped(text, indent: 2)
  }

  private var modelText: String {
    guard let rawModel, let model else { return "It names no model." }
    guard let breakdown else { return "Model \"\(rawModel)\", in the book \(askedBook.rawValue)." }
    let book =
      breakdown.book == askedBook
      ? "the book \(askedBook.rawValue)"
      : "the book \(breakdown.book.rawValue), since \(askedBook.rawValue) does not list it"
    return "Model \"\(rawModel)\" is \(model) of \(book); table \(priceVersion)."
  }

  private var unpricedText: String {
    guard rawModel != nil else { return "Without a model there is no price, and no cost." }
    if !nearest.isEmpty {
      return
        "No price is listed under that name: no cost. Nearest: \(nearest.joined(separator: ", "))."
    }
    return "No price is listed for it at \(time), or the amount is too large to be true: no cost."
  }

  private func priceText(_ breakdown: CostBreakdown) -> String {
    var text = "At \(time) "
    switch (breakdown.from, breakdown.until) {
    case (nil, nil): text += "(its price has no dates)"
    case (let from?, nil): text += "(price from \(from) on)"
    case (nil, let until?): text += "(price before \(until))"
    case (let from?, let until?): text += "(price of \(from) to \(until))"
    }
    text += ", whole input \(TextAmount.count(UInt64(breakdown.wholeInputTokens))) tokens"
    if breakdown.tierFromInputTokens > 0 {
      text +=
        ", so the tier from \(TextAmount.count(UInt64(breakdown.tierFromInputTokens))) tokens on holds for all"
    }
    text += ": \(breakdown.kind) rates"
    if let serviceTier, breakdown.kind != serviceTier.rawValue {
      text += " (none of its own for \(serviceTier.rawValue))"
    }
    if breakdown.regionPermille != 1000, let region {
      text += " x \(PriceSheet.factor(breakdown.regionPermille)) for the region \(region.rawValue)"
    }
    return text + "."
  }

  private func table(_ breakdown: CostBreakdown) -> String {
    var text = ""
    func row(_ kind: String, _ tokens: String, _ rate: String, _ amount: String) {
      text += PriceText.line(
        "  " + PriceText.left(kind, 10) + PriceText.right(tokens, 14)
          + PriceText.left(rate.isEmpty ? "" : " x \(rate)", 18) + PriceText.right(amount, 24))
    }
    row("", "tokens", "USD a million", "USD")
    var marks: Set<String> = []
    for line in breakdown.lines {
      marks.insert(line.origin)
      let mark = line.origin == "borrowed" ? "*" : line.origin == "derived" ? "=" : ""
      row(
        line.kind, TextAmount.count(UInt64(line.tokens)),
        PriceText.rate(line.microUsdPerMTok) + mark, line.picoUsd.map(Self.usd) ?? "too large")
    }
    row("sum", "", "", picoUsd.map(Self.usd) ?? "too large")
    text += paragraph("Exact: every product is a whole number of 1e-12 USD, nothing is rounded.")
    if marks.contains("borrowed") { text += "  * borrowed from the book direct\n" }
    if marks.contains("derived") { text += "  = not listed: follows from another rate\n" }
    if breakdown.isRemainderClamped {
      text += paragraph(
        "More tokens were said to be cached than there were: the rest of the input counts as 0.")
    }
    if let reportedUsd { text += paragraph("The sender's own figure: \(reportedUsd.text) USD.") }
    return text
  }

  var json: JsonValue {
    func optional(_ text: String?) -> JsonValue { text.map(JsonValue.string) ?? .null }
    return .object([
      ("status", .string(status)), ("basis", .string(basis.rawValue)),
      ("model_raw", optional(rawModel)), ("model", optional(model)),
      ("asked_book", .string(askedBook.rawValue)), ("time", .string(time)),
      ("price_version", .string(priceVersion)), ("service_tier", optional(serviceTier?.rawValue)),
      ("region", optional(region?.rawValue)), ("nearest", .array(nearest.map(JsonValue.string))),
      ("price", breakdown.map(Self.json) ?? .null),
      ("sum_usd", optional(picoUsd.map(Self.usd))),
    ])
  }

  private static func json(_ breakdown: CostBreakdown) -> JsonValue {
    .object([
      ("book", .string(breakdown.book.rawValue)), ("model", .string(breakdown.model)),
      ("from", breakdown.from.map(JsonValue.string) ?? .null),
      ("until", breakdown.until.map(JsonValue.string) ?? .null),
      ("whole_input_tokens", .integer(breakdown.wholeInputTokens)),
      ("tier_from_input_tokens", .integer(breakdown.tierFromInputTokens)),
      ("rates", .string(breakdown.kind)),
      ("region_multiplier", PriceText.number(breakdown.regionPermille * 1000)),
      ("remainder_clamped", .bool(breakdown.isRemainderClamped)),
      (
        "lines",
        .array(
          breakdown.lines.map {
            .object([
              ("kind", .string($0.kind)), ("tokens", .integer($0.tokens)),
              ("per_mtok", PriceText.number($0.microUsdPerMTok)), ("origin", .string($0.origin)),
              ("usd", $0.picoUsd.map { .string(usd($0)) } ?? .null),
            ])
          })
      ),
    ])
  }
}
