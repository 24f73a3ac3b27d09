/// What a Markdown file points at: its links and the commands in its fenced blocks.
struct MarkdownFile {
  struct Item: Equatable {
    let text: String
    /// From 1.
    let line: Int
  }

  /// Targets of `[text](target)`, outside code.
  private(set) var links: [Item] = []
  /// Lines of `sh` and `bash` blocks, and what follows a `$ ` in `console` blocks.
  private(set) var commands: [Item] = []
  /// The anchors of its headings, as GitHub makes them.
  private(set) var anchors: Set<String> = []

  init(_ text: String) {
    var fence: String?
    var continued = ""
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      let content = line.drop { $0 == " " }
      if content.hasPrefix("```") {
        fence = fence == nil ? String(content.dropFirst(3)) : nil
      } else if let language = fence {
        guard let command = Self.command(content, language) else { continue }
        if command.hasSuffix("\\") {
          continued += command.dropLast()
        } else {
          commands.append(Item(text: continued + command, line: index + 1))
          continued = ""
        }
      } else {
        if line.hasPrefix("#") { anchors.insert(Self.anchor(of: line.drop { $0 == "#" })) }
        links += Self.links(in: line).map { Item(text: $0, line: index + 1) }
      }
    }
  }

  private static func command(_ line: Substring, _ language: String) -> String? {
    switch language {
    case "sh", "bash", "shell": line.hasPrefix("#") || line.isEmpty ? nil : String(line)
    case "console": line.hasPrefix("$ ") ? String(line.dropFirst(2)) : nil
    default: nil
    }
  }

  private static func anchor(of heading: Substring) -> String {
    heading.drop { $0 == " " }.lowercased()
      .filter { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" || $0 == " " }
      .replacing(" ", with: "-")
  }

  private static func links(in line: Substring) -> [String] {
    // Inline code is what stands between an odd and the next backtick.
    let parts = line.split(separator: "`", omittingEmptySubsequences: false)
    let prose = parts.enumerated().map { $0.offset.isMultiple(of: 2) ? String($0.element) : "code" }
      .joined()
    return prose.ranges(of: "](").compactMap { start in
      let rest = prose[start.upperBound...]
      return rest.firstIndex(of: ")").map { String(rest[..<$0]) }
    }
  }
}
