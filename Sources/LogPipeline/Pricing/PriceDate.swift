/// Moments at which prices change, as tables write them.
enum PriceDate {
  /// "2026-08-21", with the time of day where it is not midnight; nil at both ends of time.
  static func text(_ milliseconds: Int64) -> String? {
    guard milliseconds != .min, milliseconds != .max else { return nil }
    let text = UtcTime(milliseconds: milliseconds).text
    return text.hasSuffix("T00:00:00.000Z") ? String(text.prefix(10)) : text
  }
}
