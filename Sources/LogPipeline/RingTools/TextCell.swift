/// A text in so many columns.
package enum TextCell {
  /// Cut with a mark where it is longer; a control character would be obeyed by the terminal.
  package static func left(_ text: String, _ columns: Int) -> String {
    let shown = cut(text, columns)
    return shown + String(repeating: " ", count: max(0, columns - shown.count))
  }

  package static func right(_ text: String, _ columns: Int) -> String {
    let shown = cut(text, columns)
    return String(repeating: " ", count: max(0, columns - shown.count)) + shown
  }

  package static func cut(_ text: String, _ columns: Int) -> String {
    let safe = String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) ? "?" : $0 }))
    return safe.count <= columns ? safe : safe.prefix(max(0, columns - 1)) + "~"
  }
}
