/// Text for a terminal of 80 columns.
package enum TextLayout {
  package static let columns = 80

  /// The words of `text` in lines of at most 80 columns, each after `indent` spaces and with a line end;
  /// all but the first after `hanging` more.
  package static func wrapped(_ text: String, indent: Int = 0, hanging: Int = 0) -> String {
    var lines: [String] = []
    var line = String(repeating: " ", count: indent)
    var isEmpty = true
    for word in text.split(separator: " ") {
      if !isEmpty, line.count + 1 + word.count > columns {
        lines.append(line)
        (line, isEmpty) = (String(repeating: " ", count: indent + hanging), true)
      }
      line += isEmpty ? String(word) : " \(word)"
      isEmpty = false
    }
    lines.append(line)
    return lines.map { $0 + "\n" }.joined()
  }

  /// The lines of `text`, those over 80 columns in several: all but the first four columns further in.
  package static func rewrapped(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      guard line.count > columns else { return line + "\n" }
      return wrapped(String(line), indent: line.prefix { $0 == " " }.count, hanging: 4)
    }.joined()
  }
}
