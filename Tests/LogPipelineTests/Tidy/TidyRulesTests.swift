import Testing

/// Each rule on small made-up input: it finds the fault, and keeps quiet without one.
@Suite struct TidyRulesTests {
  private static let table = """
    # Folders
    | folder | takes | gives | may use |
    | --- | --- | --- | --- |
    | `System/` | nothing | calls | - |
    | `Ring/` | blocks | leases | `System` |
    | `Admin/` | snapshots | pages | System |
    """

  private func faults(_ files: [String: [String: String]]) throws -> [String] {
    TidyRules.folders(
      files.mapValues { $0.mapValues(SwiftFacts.init) }, try FolderTable(markdown: Self.table))
  }

  private let system = ["System/Clock.swift": "package protocol Clock {}"]
  private let admin = ["Admin/Page.swift": "struct Page {}"]

  @Test func `a type of a folder that may be used is fine`() throws {
    #expect(
      try faults([
        "System": system, "Admin": admin,
        "Ring": ["Ring/Ring.swift": "struct Ring { let clock: any Clock }"],
      ]).isEmpty)
  }

  @Test func `a type of a folder that may not be used is found with its line`() throws {
    let faults = try faults([
      "System": system, "Admin": admin,
      "Ring": ["Ring/Ring.swift": "struct Ring {\n  let page = \"\\(Page())\"\n}"],
    ])
    #expect(
      faults == [
        "Ring/Ring.swift:2 uses Page of Admin, which Ring/ may not use by docs/architecture.md"
      ])
  }

  @Test(arguments: [
    "// Page", "/* Page /* Page */ Page */", "let a = \"Page\"", "let a = #\"\\(Page)\"#",
    "let a = \"\"\"\n  Page \"Page\"\n  \"\"\"", "let a = \"\\\"Page\"",
    "private struct Page {}\nlet b = Page()", "let a = Book.Page()",
    "struct Ring { struct Page {} }\nextension Ring { func a() -> Page { Page() } }",
  ])
  func `a name that is text, or another type of that name, is no use`(source: String) throws {
    #expect(
      try faults(["System": system, "Admin": admin, "Ring": ["Ring/Ring.swift": source]]).isEmpty)
  }

  @Test func `a folder without a row, and a row without a folder, are found`() throws {
    let faults = try faults(["System": system, "Ring": [:], "Extra": [:]])
    #expect(
      faults == [
        "Admin/ has a row in docs/architecture.md and is not there",
        "Extra/ has no row in the table of docs/architecture.md",
      ])
  }

  @Test func `the table is there once, one row a folder, and use goes to rows above`() throws {
    let unknown = Self.table + "\n| Events | a | b | System, Rnig |"
    let twice = Self.table + "\n| Ring | a | b | - |"
    let below = Self.table + "\n| Events | a | b | Inputs |\n| Inputs | a | b | Events |"
    for bad in ["", Self.table + "\n\n" + Self.table, unknown, twice, below] {
      #expect(throws: FolderTable.Problem.self) { try FolderTable(markdown: bad) }
    }
    #expect(try FolderTable(markdown: Self.table).mayUse["Ring"] == ["System"])
  }

  @Test(arguments: ["import Glibc", "@preconcurrency import Glibc", "import CLinux"])
  func `system calls outside System are found`(source: String) {
    let file = SwiftFacts("import Synchronization\n\(source)\n")
    #expect(TidyRules.imports("Sources/LogPipeline/Ring/Ring.swift", file).count == 1)
    #expect(TidyRules.imports("Sources/LogPipeline/System/Clock.swift", file).isEmpty)
  }

  @Test(arguments: [
    "import Foundation", "import struct Foundation.Data", "import FoundationEssentials",
  ])
  func `Foundation is found everywhere`(source: String) {
    #expect(TidyRules.imports("Sources/LogPipeline/System/A.swift", SwiftFacts(source)).count == 1)
  }

  @Test func `a file of 501 lines is too long, one of 500 is not`() {
    let line = "let a = 1\n"
    #expect(TidyRules.sizes("A.swift", SwiftFacts(String(repeating: line, count: 500))).isEmpty)
    #expect(TidyRules.sizes("A.swift", SwiftFacts(String(repeating: line, count: 501))).count == 1)
  }

  @Test(arguments: [
    "func run(_ body: () -> Void = {}) -> [Int]", "init?()", "deinit",
    "static func < <T>(a: T, b: T) -> Bool where T: Any",
  ])
  func `a function of 81 lines is too long, one of 80 is not`(head: String) {
    func source(_ lines: Int) -> String {
      "struct A {\n  \(head) {\n" + String(repeating: "    a()\n", count: lines - 2) + "  }\n}\n"
    }
    #expect(TidyRules.sizes("A.swift", SwiftFacts(source(80))).isEmpty)
    #expect(
      TidyRules.sizes("A.swift", SwiftFacts(source(81))).allSatisfy { $0.hasPrefix("A.swift:2 ") })
    #expect(TidyRules.sizes("A.swift", SwiftFacts(source(81))).count == 1)
  }

  @Test func `a requirement and a call are no functions`() {
    let source = "protocol P {\n  func a()\n  init()\n  var b: Int { get }\n}\nlet c = P.init(x: 1)"
    #expect(SwiftFacts(source).functions.isEmpty)
  }

  private func documentFaults(_ text: String) -> [String] {
    DocumentRules(
      paths: ["README.md", "docs", "docs/a.md", "scripts", "scripts/deps"],
      makeTargets: ["run", "test"], commandNames: ["run", "pipe"],
      testNames: ["RingEndToEndTests"],
      documents: ["docs/a.md": MarkdownFile(text), "README.md": MarkdownFile("# How to run it\n")]
    ).faults(in: "docs/a.md")
  }

  @Test func `links and commands that name what is there are fine`() {
    #expect(
      documentFaults(
        """
        # Here
        [a](../README.md), [b](../README.md#how-to-run-it), [c](#here), [d](https://e.example/f), `[x](y)`
        ```sh
        make run && FILTER=1 make test  # make nothing
        # make nothing
        relay 2>&1 | sheepshipper pipe --name a
        .build/release/sheepshipper run \\
          --set a.b=c
        swift test -c release --filter EndToEnd
        sudo scripts/deps
        ```
        ```console
        $ make test
        make believe
        ```
        ```text
        make believe
        ```
        """
      ).isEmpty)
  }

  @Test(arguments: [
    "[a](b.md)", "[a](../README.md#nowhere)", "[a](#nowhere)", "[a](../../README.md)",
    "```sh\nmake believe\n```", "```sh\nmake run && make believe\n```",
    "```console\n$ make believe\n```", "```sh\nsheepshipper fly\n```",
    "```sh\ncat a | ./sheepshipper fly\n```", "```sh\nswift test --filter Nothing\n```",
    "```sh\nscripts/nothing\n```", "```sh\ncat ./docs/b.md\n```",
  ])
  func `a link or a command that names what is not there is found`(text: String) {
    #expect(documentFaults(text).count == 1)
  }
}
