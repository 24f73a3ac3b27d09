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
}
