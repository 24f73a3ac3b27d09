/// Amounts as people read them.
enum TextAmount {
  /// "987", "1,234,567".
  static func count(_ value: UInt64) -> String {
    let digits = Array(String(value))
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
      text.append(digit)
    }
    return text
  }

  /// "12.34", rounded to so many decimals; a display, not a sum.
  static func usd(_ value: Double, decimals: Int) -> String {
    guard value.isFinite, abs(value) < 1e12 else { return "-" }
    let scale = (0..<decimals).reduce(1) { power, _ in power * 10 }
    let rounded = (abs(value) * Double(scale)).rounded()
    let (whole, rest) = (UInt64(rounded) / UInt64(scale), UInt64(rounded) % UInt64(scale))
    let sign = value < 0 && rounded > 0 ? "-" : ""
    return sign + count(whole) + (decimals == 0 ? "" : ".\(UtcTime.padded(Int(rest), decimals))")
  }

  /// "0.42", "7.3", "1,234": a figure by the second.
  static func rate(_ value: Double) -> String {
    usd(value, decimals: value == 0 || value >= 100 ? 0 : value >= 1 ? 1 : 2)
  }

  /// "987", "12.3k", "4.56M": three figures.
  static func short(_ value: Double) -> String {
    var (value, unit) = (value, "")
    for next in ["k", "M", "G", "T"] where value >= 999.5 {
      value /= 1000
      unit = next
    }
    return usd(value, decimals: unit.isEmpty || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2) + unit
  }

  /// "1 event", "2 events".
  static func counted(_ value: UInt64, _ one: String, _ many: String? = nil) -> String {
    "\(count(value)) \(value == 1 ? one : many ?? one + "s")"
  }

  /// Three figures: "512 B", "1.50 KiB", "23.4 MiB", "1.00 GiB"; whole units without a fraction.
  static func bytes(_ value: UInt64) -> String {
    let units = ["KiB", "MiB", "GiB", "TiB"]
    guard value >= 1024 else { return "\(value) B" }
    var size: UInt64 = 1024
    var unit = 0
    while unit + 1 < units.count, value / size >= 1024 {
      size *= 1024
      unit += 1
    }
    let whole = value / size
    guard value % size > 0, whole < 100 else { return "\(whole) \(units[unit])" }
    let decimals = whole >= 10 ? 1 : 2
    let fraction = UtcTime.padded(Int(Double(value % size) / Double(size) * 1000), 3)
    return "\(whole).\(fraction.prefix(decimals)) \(units[unit])"
  }

  /// The two largest parts: "45 s", "14 min 3 s", "3 h 12 min", "2 d 4 h".
  static func span(seconds: UInt64) -> String {
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60)
    let parts: [(UInt64, String)] = [
      (days, "d"), (hours, "h"), (minutes, "min"), (seconds % 60, "s"),
    ]
    let from = parts.dropLast().firstIndex { $0.0 > 0 } ?? parts.count - 1
    return parts[from...].prefix(2).filter { $0.0 > 0 || $0.1 == parts[from].1 }
      .map { "\($0.0) \($0.1)" }.joined(separator: " ")
  }

  /// "2026-11-23 05:12:33 UTC".
  static func moment(_ milliseconds: UInt64) -> String {
    let text = UtcTime(milliseconds: Int64(clamping: milliseconds)).text
    return "\(text.prefix(10)) \(text.dropFirst(11).prefix(8)) UTC"
  }
}
