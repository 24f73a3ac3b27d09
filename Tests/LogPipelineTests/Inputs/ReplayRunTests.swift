import LogPipeline
import Testing

/// Goal: every event of every file is delivered, under the same id in each run, and none twice when runs are repeated.
/// Method: replay files with a drain that settles what the test wants, stop anywhere, go on.
@Suite struct ReplayRunTests {
  /// Leases and settles; stops settling after a number of events, as a crash would.
  private final class Drain: Sendable {
    private let thread: PosixThread

    init(_ run: ReplayRun, eventsMax: Int = .max) throws {
      let (window, collected) = (run.window, WaitableState<[(id: String, document: String)]>([]))
      thread = try PosixThread("drain") {
        while !window.hasEnded {
          guard
            let batch = window.lease(
              rawBytesMax: 1, itemsMax: 1, until: SystemClock().now() + .milliseconds(100))
          else { continue }
          let blocks = batch.blocks
          batch.finish()
          for block in blocks {
            let events = FilesBlocks.events(block)
            if collected.read({ $0.count }) + events.count > eventsMax {
              // Half of it was delivered, then the lights went out.
              let half = events[..<(events.count / 2)]
              collected.change { $0 += half }
              run.stop(grace: .zero)
              return
            }
            collected.change { $0 += events }
            window.settle(.whole(block, .delivered))
          }
        }
      }
      results = collected
    }
    private let results: WaitableState<[(id: String, document: String)]>

    func join() -> [(id: String, document: String)] {
      thread.join()
      return results.read { $0 }
    }
  }

  private struct Outcome {
    let report: ReplayReport
    let events: [(id: String, document: String)]
    let refused: [UInt64]
    var ids: [String] { events.map(\.id) }
  }

  private func replay(
    _ folder: FilesFolder, _ names: [String], eventsMax: Int = .max, lineMaxBytes: Int = 4 << 20,
    to destination: String? = nil
  ) throws -> Outcome {
    var configuration = ReplayConfiguration(
      checkpointFolder: "\(folder.path)/state/replay", settings: "test"
    ) { "logs-\($0)" }
    configuration.lineMaxBytes = lineMaxBytes
    configuration.destination = destination
    let refused = WaitableState<[UInt64]>([])
    let run = ReplayRun(
      Backlog(finding: names.map { "\(folder.path)/\($0)" }), configuration,
      refuse: { refusal, _ in refused.change { $0.append(refusal.frame) } },
      makeProcessor: { FilesProcessor() })
    let drain = try Drain(run, eventsMax: eventsMax)
    let report = try run.run { _ in }
    return Outcome(report: report, events: drain.join(), refused: refused.read { $0 })
  }

  /// 6,000 events of about 200 bytes (several blocks), with equal ones near and far, blank and bad lines, and some without a time.
  private func sample() -> String {
    var text = ""
    for number in 0..<6000 {
      switch number % 10 {
      case 3: text += FilesSupport.event(number / 200, padding: 149)
      case 5: text += "\n"
      case 6: text += number % 100 == 6 ? "no json\n" : FilesSupport.event(number, padding: 150)
      case 7: text += "{\"d\":1,\"notime\":\"\(String(repeating: "x", count: 100))\"}\n"
      default: text += FilesSupport.event(number, padding: 150)
      }
    }
    return text
  }

  @Test func `plain and gzip give the same events, each once, and a second run stores nothing`()
    throws
  {
    let folder = try FilesFolder()
    try folder.write("plain.ndjson", sample())
    let plain = try replay(folder, ["plain.ndjson"])
    #expect(plain.events.count == 5340)
    #expect(plain.report.progress.events == 5340 && plain.report.progress.delivered == 5340)
    #expect(plain.report.progress.refused == 60 && plain.refused.count == 60)
    #expect(Set(plain.ids).count == plain.ids.count)
    #expect(plain.report.exitCode == 0 && plain.report.filesFinished == 1)

    try folder.write("packed.ndjson.gz", FilesSupport.gzip(Array(sample().utf8)))
    #expect(try replay(folder, ["packed.ndjson.gz"]).ids == plain.ids)

    let again = try replay(folder, ["*.ndjson*"])
    #expect(again.events.isEmpty)
    #expect(again.report.filesFinishedBefore == 2 && again.report.exitCode == 0)
    #expect(again.report.text.contains("already replayed, nothing to do"))
  }

  @Test func `stopped after any number of events, the next run goes on with the same ids`() throws {
    let folder = try FilesFolder()
    try folder.write("whole", sample())
    let whole = try replay(folder, ["whole"])
    for (index, eventsMax) in [0, 300, 1500, 2700, 5300].enumerated() {
      for isPacked in [false, true] {
        let name = "cut-\(index)-\(isPacked)"
        let bytes = Array(sample().utf8)
        try folder.write(name, isPacked ? FilesSupport.gzip(bytes) : bytes)
        let first = try replay(folder, [name], eventsMax: eventsMax)
        #expect(first.report.exitCode == 75)
        #expect(first.report.unsettled > 0)
        let second = try replay(folder, [name])
        #expect(second.report.exitCode == 0)
        #expect(Set(first.ids + second.ids) == Set(whole.ids), "\(name)")
        #expect(
          whole.ids.suffix(second.ids.count) == second.ids[...], "\(name): the same ids in order")
        // Settled blocks do not come again, but for what lay in one piece with the first unsettled event.
        let doubled = first.ids.count + second.ids.count - whole.ids.count
        #expect(doubled <= 3000, "\(name): \(doubled)")
        if eventsMax > 3000 { #expect(second.ids.count < whole.ids.count) }
      }
    }
  }

  @Test func `many stops in a row still deliver everything`() throws {
    let folder = try FilesFolder()
    try folder.write("whole", sample())
    let whole = try replay(folder, ["whole"])
    try folder.write("cut", sample())
    var ids: Set<String> = []
    var runs = 0
    repeat {
      let outcome = try replay(folder, ["cut"], eventsMax: 1400)
      ids.formUnion(outcome.ids)
      runs += 1
      if outcome.report.exitCode == 0 { break }
    } while runs < 100
    #expect(runs > 2 && runs < 100)
    #expect(ids == Set(whole.ids))
  }

  @Test func `a file that grew goes on, also when its last line had no end`() throws {
    let folder = try FilesFolder()
    for (index, part) in [
      FilesSupport.event(1), "{\"d\":1,\"n\":2}", "\n", FilesSupport.event(3) + "{\"d\":1,",
      "\"n\":4}\n{\"d\":1,\"notime\":1}\n", "{\"d\":1,\"notime\":1}\n",
    ].enumerated() {
      let path = "\(folder.path)/log"
      let before = FileSystem.exists(path) ? try FileSystem.read(path) : []
      try folder.write("log", before + Array(part.utf8))
      let expected = [1, 1, 0, 1, 2, 1][index]
      #expect(try replay(folder, ["log"]).events.count == expected, "part \(index)")
    }
    let grown = try replay(folder, ["log"])
    #expect(grown.report.filesFinishedBefore == 1)
    // The ids are those of a file that was read in one go.
    try folder.write("copy", FileSystem.read("\(folder.path)/log"))
    #expect(try replay(folder, ["copy"]).events.count == 6)
  }

  @Test func `a file that became shorter is read anew`() throws {
    let folder = try FilesFolder()
    try folder.write("log", (0..<9).map { FilesSupport.event($0) }.joined())
    #expect(try replay(folder, ["log"]).events.count == 9)
    try folder.write("log", FilesSupport.event(0))
    #expect(try replay(folder, ["log"]).events.count == 1)
  }

  @Test func `a broken checkpoint means from the start, with the same ids`() throws {
    let folder = try FilesFolder()
    try folder.write("log", sample())
    let first = try replay(folder, ["log"])
    let state = "\(folder.path)/state/replay"
    for name in try FileSystem.names(in: state) where !name.contains(".") {
      try folder.write("state/replay/\(name)", "{\"version\":1")
    }
    #expect(try replay(folder, ["log"]).ids == first.ids)
  }

  @Test func `bad files are named and the good ones beside them delivered`() throws {
    let folder = try FilesFolder()
    let packed = FilesSupport.gzip(Array(sample().utf8))
    try folder.write("a-cut.gz", Array(packed[..<(packed.count / 2)]))
    try folder.write("b-utf16", [0xFF, 0xFE, 0x7B, 0, 0x0A, 0])
    try folder.write("c-good", FilesSupport.event(1))
    try folder.write("d-last", "garbage")
    let outcome = try replay(folder, ["a-cut.gz", "b-utf16", "c-good", "d-last", "missing"])
    #expect(outcome.report.exitCode == 66)
    #expect(
      outcome.report.problems.map { $0.name.split(separator: "/").last } == ["missing", "a-cut.gz"])
    #expect(outcome.report.problems[1].message.contains("gzip cut short"))
    #expect(outcome.events.count > 1000)
    #expect(outcome.events.last?.document.contains("\"n\":1,") == true)
    #expect(outcome.report.progress.refused == UInt64(outcome.refused.count))
    // Now the file is whole: only the rest comes.
    try folder.write("a-cut.gz", packed)
    let rest = try replay(folder, ["a-cut.gz"])
    #expect(rest.report.exitCode == 0)
    #expect(Set(outcome.ids + rest.ids).count == 5341)
  }

  @Test func `a second replay of the same file is refused while the first runs`() throws {
    let folder = try FilesFolder()
    let path = try folder.write("log", FilesSupport.event(1))
    let content = try InputFileContent.open(path)
    let state = "\(folder.path)/state/replay"
    let held = try ReplayCheckpoint(of: content, folder: state, settings: "test")
    let outcome = try replay(folder, ["log"])
    #expect(outcome.events.isEmpty && outcome.report.exitCode == 66)
    #expect(outcome.report.problems.first?.message.contains("replayed by another process") == true)
    #expect(held.start == .fromStart)
  }

  @Test func `a file that went to the archive is read anew for Elasticsearch, and then it is done`()
    throws
  {
    let folder = try FilesFolder()
    try folder.write("log", FilesSupport.event(1) + FilesSupport.event(2))
    let first = try replay(folder, ["log"], to: "archive")
    #expect(first.ids.count == 2)
    #expect(try replay(folder, ["log"], to: "archive").report.filesFinishedBefore == 1)
    #expect(try replay(folder, ["log"], to: "elasticsearch").ids == first.ids)
    #expect(try replay(folder, ["log"], to: "elasticsearch").report.filesFinishedBefore == 1)
  }

  @Test func `a checkpoint that does not say where events went counts for any destination`() throws
  {
    let folder = try FilesFolder()
    try folder.write("log", FilesSupport.event(1))
    #expect(try replay(folder, ["log"]).ids.count == 1)
    let again = try replay(folder, ["log"], to: "elasticsearch")
    #expect(again.ids.isEmpty && again.report.filesFinishedBefore == 1)
  }

  @Test func `a line over the limit counts as a line`() throws {
    let folder = try FilesFolder()
    let long = FilesSupport.event(2, padding: 5000)
    try folder.write("log", FilesSupport.event(1) + long + "{\"d\":1,\"notime\":1}\n")
    try folder.write("ref", FilesSupport.event(1) + "bad\n" + "{\"d\":1,\"notime\":1}\n")
    let outcome = try replay(folder, ["log"], lineMaxBytes: 1000)
    #expect(outcome.refused == [2])
    #expect(outcome.ids == (try replay(folder, ["ref"]).ids))
  }

  @Test func `replaying an archive keeps ids and documents`() throws {
    let folder = try FilesFolder()
    let id = FilesProcessor.id([1])
    let document = "\"schema_version\":1,\"@timestamp\":\"2026-11-20T23:59:59.999Z\",\"x\":\"\\n\"}"
    let bad = "{\"_id\":\"\(id)\",\"@timestamp\":\"2026-13-20T23:59:59.999Z\",\"schema_version\":1}"
    try folder.write(
      "logs-2026.11.21.ndjson",
      "{\"_id\":\"\(id)\",\(document)\n\(bad)\n\(FilesSupport.event(1))"
        + "{\"_id\":\"\(FilesProcessor.id([2]))\",\(document)")
    let outcome = try replay(folder, ["logs-2026.11.21.ndjson"])
    #expect(outcome.ids.first == id && outcome.ids.last == FilesProcessor.id([2]))
    #expect(outcome.events.count == 4)
    #expect(outcome.events.first?.document == "{" + document)
    #expect(outcome.events[1].document == bad)
  }
}
