/// A finding for people: one line when all is well, else what is wrong, what becomes of the data and what to type.
package struct DoctorText {
  /// status, check, sentence.
  private static let statusWidth = 9
  private static let checkWidth = 13
  private static let indent = statusWidth + checkWidth

  private let style: TextStyle

  package init(style: TextStyle) { self.style = style }

  package func text(_ finding: DoctorFinding) -> String {
    var text = first(finding)
    if !finding.detail.isEmpty { text += TextLayout.wrapped(finding.detail, indent: Self.indent) }
    if !finding.consequence.isEmpty { text += part("meanwhile", finding.consequence) }
    if !finding.remedy.isEmpty { text += part("do", finding.remedy) }
    // A command is to be copied, so it is never broken.
    let room = TextLayout.columns - Self.indent
    let isWide = finding.commands.contains { $0.count + 2 > room }
    let pad = String(repeating: " ", count: isWide ? 4 : Self.indent)
    for command in finding.commands { text += "\(pad)$ \(style.strong(command))\n" }
    return text
  }

  /// The head stands out; the words say the same.
  private func first(_ finding: DoctorFinding) -> String {
    let word =
      switch finding.status {
      case .ok: style.good("ok")
      case .warning: style.warning("warning")
      case .failed: style.bad("FAILED")
      case .skipped: "skipped"
      }
    let plain = finding.status == .failed ? "FAILED" : finding.status.rawValue
    let gap = String(repeating: " ", count: max(1, Self.statusWidth - plain.count))
    let checkGap = String(repeating: " ", count: max(1, Self.checkWidth - finding.check.count))
    return word + gap + finding.check + checkGap
      + TextLayout.wrapped(finding.title, indent: Self.indent).dropFirst(Self.indent)
  }

  private func part(_ label: String, _ words: String) -> String {
    let start = Self.statusWidth
    let gap = String(repeating: " ", count: Self.indent - start - label.count)
    return String(repeating: " ", count: start) + label + gap
      + TextLayout.wrapped(words, indent: Self.indent).dropFirst(Self.indent)
  }
}
