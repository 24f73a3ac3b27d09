/// One complete set of rates within a period, with what it is for.
struct PriceLine: Equatable {
  /// "standard", "flex", "off-peak".
  let kind: String
  /// The smallest whole input it is for; 0: any.
  let fromInputTokens: Int64
  let rates: Rates

  /// "standard", "from 272,001 tokens", "from 272,001 tokens, flex".
  var label: String {
    guard fromInputTokens > 0 else { return kind }
    let size = "from \(TextAmount.count(UInt64(fromInputTokens))) tokens"
    return kind == "standard" ? size : "\(size), \(kind)"
  }

  /// The names of the rates, in the order of ``figures``, and as JSON calls them.
  static let names = ["input", "output", "cached", "write 5m", "write 1h", "reasoning"]

  /// Each rate with what it is in ``RateFields``.
  var figures: [(micro: Int64, field: RateFields)] {
    [
      (rates.input, .input), (rates.output, .output), (rates.cached, .cached),
      (rates.cacheWrite, .cacheWrite), (rates.cacheWrite1h, .cacheWrite1h),
      (rates.reasoning, .reasoning),
    ]
  }

  var json: JsonValue {
    .object(
      [("for", .string(kind)), ("from_input_tokens", .integer(fromInputTokens))]
        + zip(Self.names, figures).map { name, figure in
          (
            name.replacing(" ", with: "_"),
            .object([
              ("per_mtok", PriceText.number(figure.micro)),
              ("origin", .string(rates.origin(of: figure.field))),
            ])
          )
        })
  }
}

extension PricePeriod {
  /// All sets of rates, the standard one first.
  var lines: [PriceLine] {
    var lines: [PriceLine] = []
    for card in cards {
      for (kind, rates) in [
        ("standard", card.standard), ("flex", card.flex), ("priority", card.priority),
        ("batch", card.batch),
      ] {
        guard let rates else { continue }
        lines.append(
          PriceLine(kind: kind, fromInputTokens: card.fromInputTokens, rates: rates))
      }
    }
    if let offPeak {
      lines.append(PriceLine(kind: "off-peak", fromInputTokens: 0, rates: offPeak.rates))
    }
    return lines
  }

  /// "eu x 1.1"; empty where regions cost nothing more.
  var regions: [(name: String, permille: Int64)] {
    [("eu", euPermille), ("us", usPermille)].filter { $0.permille != 1000 }
  }
}
