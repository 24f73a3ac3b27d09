/// Sizes, durations and whole numbers.
package enum Unit {
  /// Largest first within a family, so that showing finds the roundest.
  static let sizes: [(name: String, bytes: Int)] = [
    ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10),
    ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1000), ("B", 1),
  ]
  static let durations: [(name: String, milliseconds: Int)] = [
    ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
  ]
  /// What people write for them.
  static let sizeNicknames = [
    "k": "KiB", "kb": "KiB", "m": "MiB", "mb": "MiB", "g": "GiB", "gb": "GiB", "mib": "MiB",
    "kib": "KiB", "gib": "GiB", "b": "B", "bytes": "B",
  ]
  static let durationNicknames = [
    "": "s", "sec": "s", "secs": "s", "second": "s", "seconds": "s", "min": "m", "mins": "m",
    "minute": "m", "minutes": "m", "hour": "h", "hours": "h", "hr": "h", "day": "d", "days": "d",
    "msec": "ms", "millis": "ms", "s": "s", "m": "m", "h": "h", "d": "d", "ms": "ms",
  ]

  /// "64MiB" as bytes; a bare number is bytes. nil: no such size.
  package static func bytes(_ text: String) -> Int? { parse(text, sizes, bare: 1) }

  /// Digits and what follows them; nil without digits or beyond Int.
  static func split(_ text: String) -> (number: Int, unit: String)? {
    let digits = text.prefix { ("0"..."9").contains($0) }
    guard let number = Int(digits) else { return nil }
    return (number, String(text[digits.endIndex...]))
  }

  static func parse(_ text: String, _ units: [(String, Int)], bare: Int?) -> Int? {
    guard let (number, name) = split(text) else { return nil }
    let factor = name.isEmpty ? (number == 0 ? 1 : bare) : units.first { $0.0 == name }?.1
    guard let factor else { return nil }
    let (product, overflow) = number.multipliedReportingOverflow(by: factor)
    return overflow ? nil : product
  }

  static func show(_ value: Int, _ units: [(String, Int)]) -> String {
    let unit = units.first { value != 0 && value % $0.1 == 0 } ?? units[units.count - 1]
    return "\(value / unit.1)\(unit.0)"
  }

  static func suggest(_ text: String, _ nicknames: [String: String]) -> String? {
    guard let (number, name) = split(text) else { return nil }
    let trimmed = name.lowercased().drop { $0 == " " }
    return nicknames[String(trimmed)].map { "\(number)\($0)" }
  }
}
