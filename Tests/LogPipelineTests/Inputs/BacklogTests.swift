import Glibc
import LogPipeline
import Testing

@Suite struct BacklogTests {
  @Test(arguments: [
    ("*.gz", "a.gz", true), ("*.gz", "a.gz.new", false), ("*", ".hidden", false),
    (".*", ".hidden", true), ("a?c", "abc", true), ("a?c", "ac", false), ("[a-c]x", "bx", true),
    ("[!a-c]x", "bx", false), ("[!a-c]x", "dx", true), ("a[", "a[", true),
    ("*a*b*", "xxaxxbxx", true),
    ("*a*b", "xxaxxbxx", false), ("[]]", "]", true), ("**", "x", true), ("", "", true),
  ])
  func `patterns match as in a shell`(pattern: String, name: String, matches: Bool) {
    #expect(BacklogGlob(pattern).matches(name) == matches)
  }

  @Test func `patterns, folders and names are found, sorted, each once`() throws {
    let folder = try FilesFolder()
    for name in ["b.gz", "a.gz", "c.txt", "sub/d.gz", "sub/deep/e.gz", ".f.gz", "g[1].gz"] {
      try folder.write(name, "{}\n")
    }
    func found(_ arguments: String...) -> [String] {
      Backlog(finding: arguments.map { "\(folder.path)/\($0)" }).files
        .map { String($0.path.dropFirst(folder.path.count + 1)) }
    }
    #expect(found("*.gz") == ["a.gz", "b.gz", "g[1].gz"])
    #expect(found("sub", "b.gz", "*.gz") == ["a.gz", "b.gz", "g[1].gz", "sub/d.gz"])
    #expect(found("*/*.gz", "./a.gz", "a.gz") == ["./a.gz", "sub/d.gz"])
    #expect(found("g[1].gz") == ["g[1].gz"])
  }

  @Test func `what is missing, a link or no file is a problem, the rest goes on`() throws {
    let folder = try FilesFolder()
    try folder.write("a", "{}\n")
    #expect(unsafe symlink("\(folder.path)/a", "\(folder.path)/link") == 0)
    #expect(unsafe mkfifo("\(folder.path)/pipe", 0o600) == 0)
    let backlog = Backlog(
      finding: ["a", "missing", "no*", "link", "pipe"].map { "\(folder.path)/\($0)" })
    #expect(backlog.files.map(\.path) == ["\(folder.path)/a"])
    #expect(
      backlog.problems.map { String($0.name.dropFirst(folder.path.count + 1)) }
        == ["missing", "no*", "link", "pipe"])
    #expect(backlog.problems[2].message.contains("symbolic link"))
    let inFolder = Backlog(finding: [folder.path])
    #expect(inFolder.files.count == 1 && inFolder.problems.count == 1)
  }
}
