import LogPipeline
import Testing

@Suite struct ArchiveConsumerTests {
  private func put(_ numbers: ClosedRange<Int>, into window: ReplayWindow) {
    let builder = BlockBuilder(intake: 0)
    let unit = FrameUnit(source: SourceContext(input: .file, peer: "x"), keepsAllOccurrences: false)
    let text = numbers.map { FilesSupport.event($0, day: 7) }.joined()
    _ = unsafe Array(text.utf8).withUnsafeBytes {
      unsafe FilesProcessor().process(lines: $0, unit: unit, into: builder) { _ in }
    }
    builder.seal()
    let isTaken = window.put(
      builder.sealed[0], file: 0, stream: StreamId(high: 1, low: 1),
      firstSequence: UInt64(numbers.lowerBound), mark: ReplayMark(), with: PieceDeflater(.zlib))
    #expect(isTaken)
  }

  private func consumer(_ folder: String, _ window: ReplayWindow) -> ArchiveConsumer {
    ArchiveConsumer(folder: folder, source: window, indexName: { "logs-\($0)" }) {
      window.stream(of: $0)
    }
  }

  @Test func `drains its source, settles after writing, and ends with it`() throws {
    let folder = try FilesFolder()
    let window = ReplayWindow()
    let archive = consumer("\(folder.path)/new/archive", window)
    try archive.start()
    put(1...100, into: window)
    put(101...200, into: window)
    window.close()
    archive.join()
    #expect(window.hasEnded)
    #expect(archive.status.written.events == 200)
    #expect(archive.status.problem == nil)
    let path = "\(folder.path)/new/archive/logs-7.ndjson.gz"
    #expect(try FilesSupport.lines(FilesSupport.content(path)).count == 200)
  }

  @Test func `a problem pauses it, is shown, and a stop gives the blocks back`() throws {
    let folder = try FilesFolder()
    let window = ReplayWindow()
    try FileSystem.makeDirectories("\(folder.path)/logs-7.ndjson.gz")
    let archive = consumer(folder.path, window)
    try archive.start()
    put(1...3, into: window)
    let deadline = SystemClock().now() + .seconds(10)
    while archive.status.problem == nil, SystemClock().now() < deadline {
      PosixThread.sleep(.milliseconds(5))
    }
    #expect(archive.status.problem?.contains("can not be opened") == true)
    archive.stop()
    archive.join()
    #expect(window.unsettledEvents == 3)
    let again = window.lease(rawBytesMax: 1, itemsMax: 1, until: SystemClock().now())
    guard let again else {
      Issue.record("the block was not given back")
      return
    }
    #expect(again.blocks.count == 1)
    again.finish()
  }
}
