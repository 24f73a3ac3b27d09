/// Checks that what the documents name is there.
struct DocumentRules {
  /// Every file and folder of the repository, relative to its root.
  let paths: Set<String>
  let makeTargets: Set<String>
  /// What the program can be told to do.
  let commandNames: Set<String>
  /// Names of test types and files, for `--filter`.
  let testNames: [String]
  /// By path, for anchors into other files.
  let documents: [String: MarkdownFile]

  func faults(in path: String) -> [String] {
    guard let document = documents[path] else { return ["\(path) is not there"] }
    return document.links.compactMap { fault(ofLink: $0.text, in: path).map { "\(path):\($0)" } }
      + document.commands.flatMap { command in
        Self.steps(of: command.text).compactMap(fault).map { "\(path):\(command.line) \($0)" }
      }
  }

  private func fault(ofLink target: String, in path: String) -> String? {
    guard !target.contains("://"), !target.hasPrefix("mailto:") else { return nil }
    let parts = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    let file = parts[0].isEmpty ? path : Self.resolve(String(parts[0]), from: path)
    guard paths.contains(file) else { return " links to \(target), which is not there" }
    guard parts.count == 2, let document = documents[file] else { return nil }
    return document.anchors.contains(String(parts[1]))
      ? nil : " links to \(target), a heading that is not there"
  }

  /// The words of each program started by a command line.
  static func steps(of command: String) -> [[String]] {
    let comment = command.ranges(of: " #").first?.lowerBound ?? command.endIndex
    return command[..<comment].replacing("&&", with: "|").replacing(";", with: "|").split(
      separator: "|"
    ).map {
      $0.split(separator: " ").map { String($0.filter { $0 != "'" && $0 != "\"" }) }
        .drop { $0 == "sudo" || $0 == "env" || ($0.contains("=") && !$0.hasPrefix("-")) }
        .map(\.self)
    }
  }

  private func fault(ofStep words: [String]) -> String? {
    guard let program = words.first else { return nil }
    if program == "make" {
      let targets = words.dropFirst().filter { !$0.contains("=") && !$0.hasPrefix("-") }
      if let unknown = targets.first(where: { !makeTargets.contains($0) }) {
        return "runs make \(unknown), which the Makefile does not have"
      }
    }
    if program.split(separator: "/").last == "sheepshipper", words.count > 1,
      words[1].first?.isLetter == true, !commandNames.contains(words[1])
    {
      return "runs sheepshipper \(words[1]), which the program does not have"
    }
    if program == "swift", let at = words.firstIndex(of: "--filter"), at + 1 < words.count {
      let name = words[at + 1]
      guard testNames.contains(where: { $0.contains(name) }) else {
        return "filters tests by \(name), which none is named"
      }
    }
    return words.first { isMissingPath($0) }.map { "names \($0), which is not there" }
  }

  /// A word that begins with a top-level folder of the repository and goes on.
  private func isMissingPath(_ word: String) -> Bool {
    let path = word.hasPrefix("./") ? String(word.dropFirst(2)) : word
    let parts = path.split(separator: "/")
    guard parts.count > 1, let first = parts.first, paths.contains(String(first)) else {
      return false
    }
    return !paths.contains(parts.joined(separator: "/"))
  }

  private static func resolve(_ target: String, from path: String) -> String {
    var parts = path.split(separator: "/").dropLast().map(String.init)
    for part in target.split(separator: "/") {
      if part == "..", !parts.isEmpty {
        parts.removeLast()
      } else if part != "." {
        parts.append(String(part))
      }
    }
    return parts.joined(separator: "/")
  }
}
