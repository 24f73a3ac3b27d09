/// Prices as people and scripts read them.
package enum PriceText {
  /// "2.5": US dollars per million tokens.
  static func rate(_ microUsdPerMTok: Int64) -> String {
    var text: [UInt8] = []
    DecimalText.usdPerMTok(microUsdPerMTok: microUsdPerMTok, into: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// The same as a JSON number: its shortest text is that decimal.
  static func number(_ microUsdPerMTok: Int64) -> JsonValue {
    microUsdPerMTok.isMultiple(of: 1_000_000)
      ? .integer(microUsdPerMTok / 1_000_000) : .number(Double(microUsdPerMTok) / 1e6)
  }

  /// Midnight UTC of "2026-08-21", or the second of "2026-08-21T10:30:00Z".
  package static func milliseconds(_ text: String) -> Int64? {
    let parts = text.split(separator: "T", omittingEmptySubsequences: false)
    let date = parts[0].split(separator: "-").map { Int($0) ?? -1 }
    guard parts.count <= 2, date.count == 3, (1970...9999).contains(date[0]),
      (1...12).contains(date[1]), date[2] > 0
    else { return nil }
    let days = UtcTime.days(year: date[0], month: date[1], day: date[2])
    guard UtcTime.civil(fromDays: days) == (date[0], date[1], date[2]) else { return nil }
    var seconds = days * 86_400
    if parts.count == 2 {
      guard parts[1].last == "Z" else { return nil }
      let time = parts[1].dropLast().split(separator: ":").map { Int($0) ?? -1 }
      guard time.count == 3, 0..<24 ~= time[0], 0..<60 ~= time[1], 0..<60 ~= time[2] else {
        return nil
      }
      seconds += time[0] * 3600 + time[1] * 60 + time[2]
    }
    return Int64(seconds) * 1000
  }

  static func left(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  /// A line without blanks at its end.
  static func line(_ text: String) -> String {
    var end = text.endIndex
    while end > text.startIndex, text[text.index(before: end)] == " " {
      end = text.index(before: end)
    }
    return text[..<end] + "\n"
  }
}
