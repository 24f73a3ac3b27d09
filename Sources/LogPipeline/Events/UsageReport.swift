/// The calls of the last one to two minutes by team and model, the costliest first.
package struct UsageReport: Equatable, Sendable {
  package struct Row: Equatable, Sendable {
    /// Empty: the events name none.
    package let team: String
    package let model: String
    package let sums: UsageSums
  }

  package static let rowsMax = 64

  package let rows: [Row]
  /// All that stands in no row.
  package let other: UsageSums
  /// How long they took to come.
  package let seconds: Double

  /// - Parameters:
  ///   - books: of all threads that make events.
  ///   - now: milliseconds since 1970.
  ///   - uptime: nothing came before the start.
  package init(_ books: [UsageBook.Pages], now: Int64, uptime: Duration) {
    struct Names: Hashable {
      let team: String
      let model: String
    }
    let minute = now / 60_000
    var sums: [Names: UsageSums] = [:]
    var other = UsageSums()
    for page in books.flatMap({ [$0.current, $0.previous] })
    where page.minute == minute || page.minute == minute - 1 {
      page.forEach { team, model, row in
        sums[Names(team: team, model: model), default: UsageSums()].add(row)
      }
      other.add(page.other)
    }
    let sorted = sums.map { Row(team: $0.team, model: $0.model, sums: $1) }
      .sorted {
        ($0.sums.costPicoUsd, $0.sums.calls, $1.team, $1.model)
          > ($1.sums.costPicoUsd, $1.sums.calls, $0.team, $0.model)
      }
    for row in sorted.dropFirst(Self.rowsMax) { other.add(row.sums) }
    rows = Array(sorted.prefix(Self.rowsMax))
    self.other = other
    seconds = max(1, min(uptime.inSeconds, 60 + Double(now % 60_000) / 1000))
  }
}
