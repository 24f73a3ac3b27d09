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
