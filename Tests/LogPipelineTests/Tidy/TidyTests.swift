import LogPipeline
import Testing

/// Goal: the house stays as docs/architecture.md draws it, and its documents stay true.
/// Method: read every source and document of this repository and apply ``TidyRules`` and ``DocumentRules``; each rule is shown to
/// find its fault in `TidyRulesTests`.
@Suite struct TidyTests {
  private let paths: Set<String>
  private let sources: [String: SwiftFacts]

  init() throws {
    let paths = try Repository.paths()
    let swift = paths.filter { $0.hasSuffix(".swift") }
    sources = try Dictionary(
      uniqueKeysWithValues: swift.map { ($0, SwiftFacts(try Repository.text($0))) })
    self.paths = paths
  }

  @Test func `folders use only what the architecture's table lets them use`() throws {
    let table = try FolderTable(markdown: Repository.text("docs/architecture.md"))
    var folders: [String: [String: SwiftFacts]] = [:]
    for (path, file) in sources {
      let parts = path.split(separator: "/").map(String.init)
      guard parts.count == 4, parts[0] == "Sources", parts[1] == "LogPipeline" else { continue }
      folders[parts[2], default: [:]][path] = file
    }
    let faults = TidyRules.folders(folders, table)
    #expect(faults.isEmpty, "\(faults.joined(separator: "\n"))")
  }

  @Test func `only System makes system calls, and nobody uses Foundation`() {
    let faults = sources.filter { $0.key.hasPrefix("Sources/") }.flatMap(TidyRules.imports).sorted()
    #expect(faults.isEmpty, "\(faults.joined(separator: "\n"))")
  }

  @Test func `files and functions stay short`() {
    let faults = sources.flatMap(TidyRules.sizes).sorted()
    #expect(faults.isEmpty, "\(faults.joined(separator: "\n"))")
  }

  @Test func `links and commands of the documents name what is there`() throws {
    let markdown = paths.filter { $0.hasSuffix(".md") }
    let rules = DocumentRules(
      paths: paths,
      makeTargets: Repository.targets(ofMakefile: try Repository.text("Makefile")),
      commandNames: try commandNames(),
      testNames: sources.filter { $0.key.contains("Tests/") }.flatMap {
        $0.value.declaredTypes + [$0.key]
      },
      documents: try Dictionary(
        uniqueKeysWithValues: markdown.map { ($0, MarkdownFile(try Repository.text($0))) }))
    let faults = markdown.sorted().flatMap(rules.faults)
    #expect(faults.isEmpty, "\(faults.joined(separator: "\n"))")
  }

  @Test func `messages send nobody to a command that is not there`() throws {
    let known = try commandNames()
    var faults: [String] = []
    for path in sources.keys.sorted() where path.hasPrefix("Sources/") {
      let text = try Repository.text(path)
      let words = text.ranges(of: "sheepshipper ").map { text[$0.upperBound...] }
        .map { String($0.prefix { $0.isLowercase || $0 == "-" }) }
      // "sheepshipper did not start" is prose.
      let unknown = words.filter { !$0.isEmpty && !known.contains($0) && $0 != "did" }
      faults += unknown.map { "\(path) names sheepshipper \($0)" }
    }
    #expect(faults.isEmpty, "\(faults.joined(separator: "\n"))")
  }

  /// What the program's table of commands describes: `CommandDescription(.deadLetters, …)` is "dead-letters".
  private func commandNames() throws -> Set<String> {
    let table = try #require(sources["Sources/SheepShipper/CommandTable.swift"])
    let tokens = table.tokens.map(\.text)
    return Set(
      tokens.indices.dropLast(3)
        .filter { tokens[$0..<($0 + 3)] == ["CommandDescription", "(", "."] }
        .map { at in
          tokens[at + 3].map { $0.isUppercase ? "-\($0.lowercased())" : String($0) }.joined()
        })
  }
}
