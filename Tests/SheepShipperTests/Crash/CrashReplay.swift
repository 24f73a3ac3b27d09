import LogPipeline
import TestSupport

/// Backlog files replayed one after the other, by a process that is killed now and then.
final class CrashReplay {
  private static let eventsAFile = 2000

  private let folder: String
  private let books: CrashBooks
  private let settings: [String]
  private var file: (path: String, events: Range<Int>)?
  private var child: ChildProcess?
  private(set) var kills = 0
  private(set) var files = 0

  /// `folder` is the state directory; the files lie in it too, in a folder of their own.
  init(folder: String, books: CrashBooks, settings: [String]) throws {
    (self.folder, self.books, self.settings) = (folder, books, settings)
    try FileSystem.makeDirectories("\(folder)/backlog")
  }

  /// Goes on with the file at hand, or begins the next one.
  func start() throws {
    guard child == nil else { return }
    let path = try file?.path ?? makeFile()
    let all = ["agent.state_dir=\(folder)", "ring.size=16MiB"] + settings
    child = try ChildProcess(
      ProgramUnderTest.path, ["replay", path] + all.flatMap { ["--set", $0] })
  }

  /// Ends it with -9, unless it has ended by itself; then the file must be wholly settled.
  func kill() throws {
    guard let child else { return }
    if try hasEnded(within: .zero) { return }
    child.signal(.kill)
    _ = child.wait(until: SystemClock().now() + .seconds(10))
    kills += 1
    self.child = nil
    try check()
  }

  /// Waits for its end. Exit code and checkpoint must then say that all is settled.
  func hasEnded(within span: Duration) throws -> Bool {
    guard let child, let file else { return true }
    guard let ending = child.wait(until: SystemClock().now() + span) else { return false }
    self.child = nil
    guard ending == .exited(0) else {
      throw CrashFailure("replay ended with \(ending): \(child.outputText)\(child.errorText)")
    }
    let settled = try settledEvents()
    guard settled == file.events.count else {
      throw CrashFailure("replay is done, and \(settled) of \(file.events.count) are settled")
    }
    try check()
    try FileSystem.remove(file.path)
    self.file = nil
    files += 1
    return true
  }

  /// Reads the file at hand to its end; the sink must not fail any more.
  func finish() throws {
    guard file != nil else { return }
    try start()
    guard try hasEnded(within: .seconds(120)) else {
      throw CrashFailure("replay does not end: \(child?.errorText ?? "")")
    }
  }

  /// Every event before the settled place is in the sink.
  func check() throws {
    guard let file else { return }
    let settled = try settledEvents()
    let page = books.page(.replay)
    for number in file.events.prefix(settled)
    where !page.stored.contains(number) && !page.refused.contains(number) {
      throw CrashFailure(
        "replay's checkpoint says \(settled) events are settled, and r-\(number) is not there")
    }
  }

  private func makeFile() throws -> String {
    let events = books.begin(Self.eventsAFile, of: .replay)
    let path = "\(folder)/backlog/\(events.lowerBound).ndjson"
    let text = events.map { CrashBooks.line($0, of: .replay) + "\n" }.joined()
    try FileSystem.replace(path, with: Array(text.utf8))
    file = (path, events)
    return path
  }

  /// What the checkpoint of the file at hand says; 0 when there is none yet.
  private func settledEvents() throws -> Int {
    guard let file, FileSystem.exists("\(folder)/replay") else { return 0 }
    for name in try FileSystem.names(in: "\(folder)/replay") where !name.contains(".") {
      let record = try JsonValue.parse(FileSystem.read("\(folder)/replay/\(name)"))
      guard record["file"]?.string == file.path else { continue }
      return Int(record["settled"]?["events"]?.integer ?? 0)
    }
    return 0
  }
}
