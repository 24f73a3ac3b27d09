/// The tables of docs/configuration.md and of `help settings`.
package enum ConfigurationManual {
  /// Two Markdown tables: the settings, and those of one rule of `sources`.
  package static var markdown: String {
    table(ConfigurationKeys.all, Configuration())
      + "\nEach element of `sources` has these:\n\n"
      + table(SourceRule.keys, SourceRule())
  }

  private static func table<Root>(_ set: KeySet<Root>, _ defaults: Root) -> String {
    var text = "| setting | kind | default | allowed | meaning |\n| --- | --- | --- | --- | --- |\n"
    for key in set.keys {
      let cells = [
        "`\(key.path)`", key.kind, "`\(shownDefault(key, defaults))`", key.allowed, key.meaning,
      ]
      text += "| \(cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ")) |\n"
    }
    return text
  }

  /// One setting after the other, for a terminal of 80 columns.
  package static var text: String {
    text(ConfigurationKeys.all, Configuration(), prefix: "")
      + text(SourceRule.keys, SourceRule(), prefix: "sources[].")
  }

  private static func text<Root>(_ set: KeySet<Root>, _ defaults: Root, prefix: String) -> String {
    set.keys.map { key in
      "\(prefix)\(key.path) (\(key.kind), default \(shownDefault(key, defaults)))\n"
        + TextLayout.wrapped("\(key.meaning).", indent: 4)
        + TextLayout.wrapped("Allowed: \(key.allowed).", indent: 4)
    }.joined()
  }

  private static func shownDefault<Root>(
    _ key: ConfigurationKey<Root>, _ defaults: Root
  ) -> String {
    switch key.shown(defaults) {
    case .null: "not set"
    case .string(let text): text
    case let value: value.text
    }
  }
}
