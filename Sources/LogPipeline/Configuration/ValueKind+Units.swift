/// Sizes, durations and whole numbers.
enum Unit {
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

extension ValueKind where Value == Int {
  /// Bytes.
  static func size(_ range: ClosedRange<Int>) -> ValueKind {
    let (low, high) = (
      Unit.show(range.lowerBound, Unit.sizes), Unit.show(range.upperBound, Unit.sizes)
    )
    return .text(
      "size",
      allowed: "\(low) to \(high); units B, kB, MB, GB, KiB, MiB, GiB; a bare number is bytes",
      parse: { text in
        Unit.parse(text, Unit.sizes, bare: 1).flatMap { range.contains($0) ? $0 : nil }
      },
      suggest: { text in
        let suggested = Unit.suggest(text, Unit.sizeNicknames)
        return suggested == text ? nil : suggested
      },
      show: { .string(Unit.show($0, Unit.sizes)) })
  }

  static func integer(_ range: ClosedRange<Int>) -> ValueKind {
    .text(
      "integer", allowed: "\(range.lowerBound) to \(range.upperBound)",
      parse: { text in
        guard let (number, rest) = Unit.split(text), rest.isEmpty, range.contains(number) else {
          return nil
        }
        return number
      }, show: { .integer(Int64($0)) })
  }
}

extension ValueKind where Value == UInt64 {
  static var unsigned: ValueKind {
    .text(
      "integer", allowed: "0 to \(UInt64.max)",
      parse: { $0.hasPrefix("+") ? nil : UInt64($0) },
      // Beyond Int64 the JSON tree would keep a Double: as text no digit is lost.
      show: { value in Int64(exactly: value).map { .integer($0) } ?? .string(String(value)) })
  }
}

extension ValueKind where Value == Duration {
  static func duration(_ range: ClosedRange<Duration>) -> ValueKind {
    let shown = { @Sendable (span: Duration) in Unit.show(Int(span.milliseconds), Unit.durations) }
    return .text(
      "duration",
      allowed: "\(shown(range.lowerBound)) to \(shown(range.upperBound)); units ms, s, m, h, d",
      parse: { text in
        guard let milliseconds = Unit.parse(text, Unit.durations, bare: nil),
          milliseconds <= 1_000_000 * 86_400_000
        else { return nil }
        let span = Duration.milliseconds(milliseconds)
        return range.contains(span) ? span : nil
      },
      suggest: { text in
        let suggested = Unit.suggest(text, Unit.durationNicknames)
        return suggested == text ? nil : suggested
      },
      show: { .string(shown($0)) })
  }
}
