import LogPipeline
import Testing

/// Goal: a replay into the archive writes each event once, however often it is stopped or its checkpoint lost.
@Suite struct ReplayArchiveTests {
  private func replay(_ folder: FilesFolder, stopAfter: Duration? = nil) throws -> ReplayReport {
    let configuration = ReplayConfiguration(
      checkpointFolder: "\(folder.path)/state", settings: "test"
    ) { "logs-\($0)" }
    let run = ReplayRun(
      Backlog(finding: ["\(folder.path)/in"]), configuration, refuse: { _, _ in },
      makeProcessor: { FilesProcessor() })
    let archive = ArchiveConsumer(
      folder: "\(folder.path)/out", source: run.window, indexName: { "logs-\($0)" }
    ) { run.window.stream(of: $0) }
    try archive.start()
    if let stopAfter { run.stop(grace: stopAfter) }
    let report = try run.run { _ in }
    archive.stop()
    archive.join()
    return report
  }

  private func archived(_ folder: FilesFolder) throws -> [String] {
    try FileSystem.names(in: "\(folder.path)/out").flatMap {
      try FilesSupport.lines(FilesSupport.content("\(folder.path)/out/\($0)"))
    }
  }

  @Test func `lost checkpoints, repeated runs and grown files double nothing`() throws {
    let folder = try FilesFolder()
    func text(_ range: Range<Int>) -> String {
      range.map { FilesSupport.event($0, day: 100 + $0 % 3, padding: 100) }.joined()
    }
    try folder.write("in/a", text(0..<3000))
    try folder.write("in/b", FilesSupport.gzip(Array(text(3000..<6000).utf8)))
    try folder.write("in/c", text(6000..<6010))
    #expect(try replay(folder).exitCode == 0)
    #expect(try archived(folder).count == 6010)

    for name in try FileSystem.names(in: "\(folder.path)/state") {
      try FileSystem.remove("\(folder.path)/state/\(name)")
    }
    let again = try replay(folder)
    #expect(again.progress.delivered == 6010)
    #expect(try archived(folder).count == 6010)

    // Below 4 KiB a file's name among the checkpoints comes from fewer bytes; it is found all the same.
    try folder.write("in/c", text(6000..<6100))
    let grown = try replay(folder)
    #expect(grown.progress.events == 90 && grown.filesFinishedBefore == 2)
    #expect(Set(try archived(folder)).count == 6100)
    #expect(try archived(folder).count == 6100)
  }

  @Test func `stopped before anything was read, it says so and the next run does it all`() throws {
    let folder = try FilesFolder()
    try folder.write("in/a", (0..<50).map { FilesSupport.event($0) }.joined())
    #expect(try replay(folder, stopAfter: .zero).exitCode == 75)
    #expect(try replay(folder).exitCode == 0)
    #expect(try archived(folder).count == 50)
  }
}
