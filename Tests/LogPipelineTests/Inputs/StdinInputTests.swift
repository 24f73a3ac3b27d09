import Glibc
import LogPipeline
import Testing

/// Goal: what is written to the pipe is in the sink at once, the pipe's end ends the input, and every event is counted.
@Suite struct StdinInputTests {
  private final class Sink: BlockSink {
    struct State {
      var blocks: [RawBlock] = []
      var refused: UInt64 = 0
      var isClosed = false
    }
    let state = WaitableState(State())
    let blocksMax: Int
    init(blocksMax: Int = .max) { self.blocksMax = blocksMax }

    func offer(_ block: RawBlock) -> Bool {
      state.change { state in
        guard state.blocks.count < blocksMax, !state.isClosed else { return false }
        state.blocks.append(block)
        return true
      }
    }
    func put(_ block: RawBlock) -> Bool { offer(block) }
    func noteRefused(_ count: UInt64) { state.change { $0.refused += count } }
    var events: Int { state.read { $0.blocks.reduce(0) { $0 + $1.items.count } } }
    func waitForEvents(_ count: Int) -> Bool {
      state.wait(until: SystemClock().now() + .seconds(10)) { state in
        state.blocks.reduce(0) { $0 + $1.items.count } >= count ? true : nil
      } ?? false
    }
  }

  private struct Pipe: ~Copyable {
    let reading: FileDescriptor
    let writing: FileDescriptor

    init() {
      var pair: [Int32] = [-1, -1]
      let status = unsafe pipe(&pair)
      #expect(status == 0)
      for descriptor in pair { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
      reading = FileDescriptor(taking: pair[0])
      writing = FileDescriptor(taking: pair[1])
    }
  }

  private func input(_ sink: Sink, _ whenFull: StdinInput.WhenFull = .block) throws -> StdinInput {
    try StdinInput(into: sink, whenFull: whenFull, intake: 3, refuse: { _, _ in }) {
      FilesProcessor()
    }
  }

  @Test func `an event is handed over while the pipe stays open and quiet`() throws {
    let sink = Sink()
    let input = try input(sink)
    do {
      let pipe = Pipe()
      try input.start(reading: pipe.reading.raw)
      try pipe.writing.write(Array((FilesSupport.event(1) + "{\"d\":1,").utf8))
      #expect(sink.waitForEvents(1))
      try pipe.writing.write(Array("\"n\":2}\nbad\n{\"last\":1}".utf8))
      #expect(sink.waitForEvents(2))
      // Standard input is shared with others: its flags stay as they are.
      #expect(fcntl(pipe.reading.raw, F_GETFL) & O_NONBLOCK == 0)
    }
    let counts = input.join()
    #expect(sink.events == 3 && counts.events == 3)
    #expect(counts.refused == 1 && sink.state.read { $0.refused } == 1)
    #expect(!counts.wasStopped && counts.problem == nil && counts.dropped == 0)
    #expect(sink.state.read { $0.blocks.map(\.intake) }.allSatisfy { $0 == 3 })
  }

  @Test func `gzip on the pipe is read, cut gzip is named and what came before kept`() throws {
    let text = (0..<2000).map { FilesSupport.event($0) }.joined()
    let packed = FilesSupport.gzip(Array(text.utf8))
    for length in [packed.count, packed.count - 9] {
      let sink = Sink()
      let input = try input(sink)
      do {
        let pipe = Pipe()
        try input.start(reading: pipe.reading.raw)
        try pipe.writing.write(Array(packed[..<length]))
      }
      let counts = input.join()
      #expect(length < packed.count ? counts.events > 1000 : counts.events == 2000)
      #expect((counts.problem?.contains("gzip cut short") ?? false) == (length < packed.count))
    }
  }

  @Test func `full with drop_newest: taken plus dropped is all`() throws {
    let sink = Sink(blocksMax: 1)
    let input = try input(sink, .dropNewest)
    do {
      let pipe = Pipe()
      try input.start(reading: pipe.reading.raw)
      for number in 0..<20 {
        try pipe.writing.write(Array(FilesSupport.event(number, padding: 30_000).utf8))
      }
    }
    let counts = input.join()
    #expect(counts.dropped > 0)
    #expect(counts.events + counts.dropped == 20 && counts.events == UInt64(sink.events))
  }

  @Test func `a stop ends it while the pipe is quiet, a closed ring counts what is lost`() throws {
    let sink = Sink()
    let stopped = try input(sink)
    let pipe = Pipe()
    try stopped.start(reading: pipe.reading.raw)
    try pipe.writing.write(Array(FilesSupport.event(1).utf8))
    #expect(sink.waitForEvents(1))
    stopped.stop()
    #expect(stopped.join().wasStopped)

    sink.state.change { $0.isClosed = true }
    let refusedBySink = try input(sink)
    try refusedBySink.start(reading: pipe.reading.raw)
    try pipe.writing.write(Array(FilesSupport.event(2).utf8))
    let counts = refusedBySink.join()
    #expect(counts.wasStopped && counts.dropped == 1)
  }
}
