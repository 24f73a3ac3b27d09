/// How a word stands out on a terminal, where it may: the words alone must say it all.
package struct TextStyle: Equatable, Sendable {
  package let usesColor: Bool

  /// For pipes, files and tests.
  package static let plain = TextStyle(usesColor: false)

  package init(usesColor: Bool) { self.usesColor = usesColor }

  /// A heading. Each of these reads on dark and on light ground.
  package func strong(_ text: String) -> String { marked(text, "1") }
  /// Something is wrong.
  package func bad(_ text: String) -> String { marked(text, "1;31") }
  /// Something may become wrong.
  package func warning(_ text: String) -> String { marked(text, "1;33") }
  package func good(_ text: String) -> String { marked(text, "32") }

  private func marked(_ text: String, _ code: String) -> String {
    usesColor ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
