/// What came of reading the configuration again.
package struct ReloadReport: Equatable, Sendable {
  /// What is read again: the file's path, or where else settings come from.
  let source: String
  /// Why nothing was taken over; nil: all of it was.
  package var refusal: String?
  /// The files with which it is tried again by itself when one changes.
  var watched: [String] = []
  package var changes: [ConfigurationChange] = []
  /// How prices changed, if they did.
  var prices: [String] = []

  /// Lines of a text that is longer are left out.
  private static let priceLinesMax = 40

  init(source: String) { self.source = source }

  mutating func notePrices(_ difference: PriceDifference) {
    guard !difference.isEmpty else { return }
    let lines = difference.text.split(separator: "\n").map(String.init)
    prices = Array(lines.prefix(Self.priceLinesMax))
    if lines.count > prices.count {
      prices.append(
        "(\(lines.count - prices.count) more lines: sheepshipper prices diff shows all)")
    }
  }

  package var lines: [String] {
    if let refusal {
      let again =
        watched.isEmpty
        ? [] : ["It is tried again when a file changes: \(watched.joined(separator: ", "))"]
      return ["Not reloaded: the agent goes on as it was. \(refusal)"] + again
    }
    var lines = ["Reloaded \(source); credentials and keys are read again."]
    if changes.isEmpty, prices.isEmpty { lines.append("No setting changed.") }
    for change in changes {
      let note = change.isLive ? "" : "  (holds after a restart)"
      lines.append("  \(change.path): \(change.old) -> \(change.new)\(note)")
    }
    if changes.contains(where: { !$0.isLive }) {
      lines.append("Restart the agent for those that say so; all others hold now.")
    }
    if !prices.isEmpty { lines.append("Prices, for events from now on:") }
    return lines + prices.map { "  \($0)" }
  }

  package var json: JsonValue {
    .object([
      ("reloaded", .bool(refusal == nil)), ("source", .string(source)),
      ("reason", refusal.map { .string($0) } ?? .null),
      (
        "changes",
        .array(
          changes.map { change in
            .object([
              ("setting", .string(change.path)), ("old", .string(change.old)),
              ("new", .string(change.new)), ("needs_restart", .bool(!change.isLive)),
            ])
          })
      ), ("prices", .array(prices.map { .string($0) })),
      ("text", .string(lines.joined(separator: "\n") + "\n")),
    ])
  }

  /// One line of the log each; a refusal is an error. That there will be fewer lines must not be one that is missing.
  package func log(because cause: String) {
    let isLevelChanged = changes.contains { $0.path == "log.level" }
    for (index, line) in lines.enumerated() {
      let text = index == 0 ? "\(cause): \(line)" : line
      switch (refusal, isLevelChanged) {
      case (nil, false): Log.info(text)
      case (nil, true): Log.warning(text)
      default: Log.error(text)
      }
    }
  }
}
