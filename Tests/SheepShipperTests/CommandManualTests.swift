import LogPipeline
import TestSupport
import Testing

/// Goal: help, manual page, docs/commands.md and completion tell of the same commands, and shells take the completion.
/// Method: the built program prints them; each shell that is there reads its own, and bash completes with it.
@Suite struct CommandManualTests {
  private static let commands = [
    "run", "pipe", "replay", "ring", "setup", "dead-letters", "top", "tap", "reload", "log-level",
    "report", "verify", "prices",
    "explain",
    "demo", "doctor", "validate", "version", "completion", "help",
  ]

  private var root: String {
    var folder = FileSystem.parent(of: #filePath)
    for _ in 0..<2 { folder = FileSystem.parent(of: folder) }
    return folder
  }

  @Test func `docs/commands.md says what the program says`() throws {
    let printed = try BuiltProgram.run(["help", "markdown"])
    #expect(printed.ending == .exited(0))
    let path = "\(root)/docs/commands.md"
    if Environment.value(of: "UPDATE_DOCS") == "1" {
      try FileSystem.replace(path, with: Array(printed.output.utf8), mode: 0o644)
      return
    }
    #expect(try String(decoding: FileSystem.read(path), as: UTF8.self) == printed.output)
  }

  @Test func `the manual page has every command and flag, and no line that roff takes for its own`()
    throws
  {
    let page = try BuiltProgram.run(["help", "man"])
    #expect(page.ending == .exited(0))
    let requests = Set([
      ".\\\"", ".TH", ".SH", ".SS", ".PP", ".TP", ".B", ".BI", ".I", ".RI", ".nf", ".fi", ".RS",
      ".RE",
    ])
    for line in page.output.split(separator: "\n") where line.hasPrefix(".") || line.hasPrefix("'")
    {
      let request = line.split(separator: " ").first.map(String.init) ?? ""
      #expect(requests.contains(request), "\(line)")
    }
    for command in Self.commands {
      let name = command.replacing("-", with: "\\-")
      #expect(page.output.contains("\n.SS sheepshipper \(name) "), "\(command)")
      let help = try BuiltProgram.run(["help", command]).output
      #expect(help.contains("\nExamples:\n  "), "\(command)")
    }
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func `a shell takes its completion`(shell: String) throws {
    let script = try BuiltProgram.run(["completion", shell])
    #expect(script.ending == .exited(0))
    for command in Self.commands { #expect(script.output.contains(command), "\(command)") }
    guard
      let program = ["/usr/bin", "/bin"].map({ "\($0)/\(shell)" }).first(where: FileSystem.exists)
    else { return }
    let folder = try TemporaryFolder()
    try FileSystem.replace("\(folder.path)/script", with: Array(script.output.utf8))
    let child = try ChildProcess(program, ["-n", "\(folder.path)/script"])
    #expect(
      child.wait(until: SystemClock().now() + .seconds(30)) == .exited(0), "\(child.errorText)")
  }

  static let completed: [(words: String, gives: String)] = [
    ("ri", "ring"), ("ring ''", "status verify export resize"), ("ring --fi", "--file"),
    ("pipe --on-full ''", "block drop_newest"), ("run --format j", "json"),
    ("help setti", "settings"), ("--conf", "--config"),
    ("validate --config /etc/hostna", "/etc/hostname"),
    ("run --set r", ""),
  ]

  @Test(arguments: completed)
  func `bash completes commands, words, flags and their values`(words: String, gives: String) throws
  {
    let folder = try TemporaryFolder()
    let script = try BuiltProgram.run(["completion", "bash"]).output
    let asked = """
      \(script)
      cd \(folder.path)
      COMP_WORDS=(sheepshipper \(words)); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
      _sheepshipper; echo "${COMPREPLY[*]}"
      """
    let child = try ChildProcess("/bin/bash", ["-c", asked])
    #expect(child.wait(until: SystemClock().now() + .seconds(30)) == .exited(0))
    #expect(child.outputText == gives + "\n", "\(child.errorText)")
  }
}
