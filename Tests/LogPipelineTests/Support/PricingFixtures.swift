import LogPipeline

/// The built-in price table, and short ways to ask it.
enum PricingFixtures {
  private static let loaded = Result { try PriceBooks.load(Resources.prices) }

  static var books: PriceBooks { get throws { try loaded.get() } }

  static func match(_ books: PriceBooks, _ model: String, _ book: PriceBookName) -> ModelMatch {
    resolve(ModelResolver(books: books), model, book)
  }

  static func resolve(
    _ resolver: ModelResolver, _ model: String, _ book: PriceBookName
  ) -> ModelMatch {
    let name = Array(model.utf8)
    return unsafe name.withUnsafeBytes { unsafe resolver.resolve($0, book: book) }
  }

  static func usd(_ picoUsd: Int64) -> String {
    var text: [UInt8] = []
    DecimalText.usd(picoUsd: picoUsd, into: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// Milliseconds since 1970 of "2026-11-18T10:30:00Z".
  static func milliseconds(_ text: String) -> Int64 {
    let parts = text.split { "-T:Z".contains($0) }.map { Int($0) ?? 0 }
    let days = UtcTime.days(year: parts[0], month: parts[1], day: parts[2])
    return Int64(((days * 24 + parts[3]) * 60 + parts[4]) * 60 + parts[5]) * 1000
  }
}
