import Testing

/// Goal: docs/durability.md names the proofs that there are.
/// Method: compare it with the tests' sources and with the list of mutations that `make mutants` tries.
@Suite struct DurabilityDocumentTests {
  @Test func `the table of mutations is the script's`() throws {
    let script = try Repository.text("scripts/mutations.py")
    let listed = script.components(separatedBy: "\n    mutation(\n").dropFirst().map { entry in
      entry.split(separator: "\n").prefix(2).map {
        String($0.drop { $0 != "\"" }.dropFirst().prefix { $0 != "\"" })
      }
    }
    let table = try rows(under: "## Broken on purpose").map { Array($0.prefix(2)) }
    #expect(listed.count >= 24 && listed == table, "see scripts/mutants --table")
  }

  @Test func `every test that it names is there`() throws {
    let sources = try Repository.paths().filter { $0.hasPrefix("Tests/") && $0.hasSuffix(".swift") }
    let tests = try sources.map { try Repository.text($0) }.joined()
    let promised = try rows(under: "## What is shown, and by what")
    #expect(promised.map { $0[0] } == (1...16).map(String.init))
    let proofs = try promised.map { $0[2] } + rows(under: "## Broken on purpose").map { $0[3] }
    for proof in proofs {
      let quoted = proof.split(separator: "`", omittingEmptySubsequences: false).enumerated()
      let named = quoted.filter { $0.offset % 2 == 1 }.map { String($0.element) }
      for name in named where name.contains(" ") && !name.hasPrefix("make ") {
        #expect(tests.contains("func `\(name)`("), "\(name)")
      }
    }
  }

  /// The cells of the table below a heading.
  private func rows(under heading: String) throws -> [[String]] {
    let text = try Repository.text("docs/durability.md")
    let section = try #require(text.components(separatedBy: "\(heading)\n").dropFirst().first)
    return section.prefix(upTo: section.firstRange(of: "\n## ")?.lowerBound ?? section.endIndex)
      .split(separator: "\n").filter { $0.hasPrefix("| ") }
      .map { $0.dropFirst(2).dropLast(2).components(separatedBy: " | ") }.filter {
        !["name", "---", "| what has to hold"].contains($0[0])
      }
  }
}

extension StringProtocol {
  /// The parts between occurrences of a separator.
  fileprivate func components(separatedBy separator: String) -> [String] {
    var parts: [String] = []
    var rest = self[...]
    while let found = rest.firstRange(of: separator) {
      parts.append(String(rest[..<found.lowerBound]))
      rest = rest[found.upperBound...]
    }
    return parts + [String(rest)]
  }
}
