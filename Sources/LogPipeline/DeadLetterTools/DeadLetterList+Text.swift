/// The screen of `dead-letters list`: 80 columns, no colours.
extension DeadLetterList {
  package var text: String {
    var text = groups.map(Self.text).joined(separator: "\n")
    if !groups.isEmpty { text += "\n" }
    text += TextLayout.wrapped(summary)
    if open > 0 {
      text += "Fix the mapping, or the documents with --edit, and send them again:\n"
      text += "  sheepshipper dead-letters retry --reason TEXT | --id ID | --all\n"
    }
    return text
  }

  private var summary: String {
    var words =
      open == 0 ? "No open dead letters." : "\(TextAmount.counted(open, "open dead letter"))."
    if resolved > 0 {
      words +=
        " \(TextAmount.count(resolved)) \(resolved == 1 ? "was" : "were") delivered since"
        + " (--all-states); dead-letters prune removes files that hold only such."
    }
    if unreadableLines > 0 {
      words += " \(TextAmount.counted(unreadableLines, "line")) can not be read."
    }
    return words + " On disk: \(TextAmount.bytes(usedBytes)) of \(TextAmount.bytes(limitBytes))."
  }

  private static func text(of group: Group) -> String {
    let span =
      group.first.prefix(19) == group.last.prefix(19)
      ? Self.moment(group.first)
      : "\(Self.moment(group.first)) .. \(Self.moment(group.last))"
    let count = TextAmount.count(group.count)
    let padded = String(repeating: " ", count: max(0, 9 - count.count)) + count
    let resolved =
      group.resolved == 0 ? "" : ", \(TextAmount.count(group.resolved)) of them delivered since"
    return "\(padded)  \(span)\(resolved)\n"
      + cut("           in \(group.index)") + "\n"
      + lines(group.reason, indent: 11) + cut("           e.g. --id \(group.exampleId)") + "\n"
  }

  /// "2026-11-23 05:12:33".
  private static func moment(_ at: String) -> String {
    "\(at.prefix(10)) \(at.dropFirst(11).prefix(8))"
  }

  /// Words longer than a line are cut into pieces.
  private static func lines(_ text: String, indent: Int) -> String {
    let width = TextLayout.columns - indent
    let words = text.split(separator: " ").flatMap { word -> [Substring] in
      var rest = word
      var pieces: [Substring] = []
      while rest.count > width {
        pieces.append(rest.prefix(width))
        rest = rest.dropFirst(width)
      }
      return pieces + [rest]
    }
    return TextLayout.wrapped(words.joined(separator: " "), indent: indent)
  }

  private static func cut(_ line: String) -> String {
    line.count <= TextLayout.columns ? line : line.prefix(TextLayout.columns - 1) + "…"
  }
}
