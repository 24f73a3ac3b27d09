import LogPipeline

/// What the stages work on: the relay events of the demo, or of a file, the same bytes in each run, and the blocks they become.
struct Load {
  /// 2026-11-21T15:00:00Z.
  private static let wallMilliseconds: Int64 = 1_795_273_200_000

  /// Time that stands still, so that every run makes the same documents.
  struct StillClock: Clock {
    func now() -> MonotonicTime { MonotonicTime(nanoseconds: 0) }
    func wallMilliseconds() -> Int64 { Load.wallMilliseconds }
  }

  /// Lines with their ends, and 64 bytes behind them, which the parser may read.
  let bytes: [UInt8]
  let lineBytes: Int
  let lines: [[UInt8]]
  private let demo: DemoEvents
  let prices: PriceBooks
  let blocks: [RawBlock]

  /// `path`: of a file of relay events, to be used instead of the demo's.
  init(_ path: String?) throws {
    let demo = DemoEvents(endingAt: Self.wallMilliseconds)
    let relayLines = try path.map { try FileSystem.read($0) } ?? demo.relayLines
    lineBytes = relayLines.count
    bytes = relayLines + [UInt8](repeating: 0x20, count: 64)
    lines = relayLines.split(separator: UInt8(ascii: "\n")).map { Array($0) }
    self.demo = demo
    prices = try PriceBooks.load(Resources.prices)
    let (processor, builder) = (try Self.processor(prices), BlockBuilder(intake: 0))
    _ = Self.process(bytes, lineBytes, processor, builder)
    builder.seal()
    blocks = builder.sealed
  }

  var eventCount: Int { lines.count }

  var liteLlmCount: Int { demo.webhookCount }

  func liteLlmLines() throws -> [UInt8] { try LiteLlmLines.of(demo.webhookBodies) }

  static func processor(_ prices: PriceBooks) throws -> EventProcessor {
    try EventProcessor(
      rules: EventRules(contentKey: try ContentKey([UInt8](repeating: 7, count: 32))),
      prices: prices, clock: StillClock(), intake: 0)
  }

  /// All lines as one connection brings them. - Returns: how many became events.
  static func process(
    _ bytes: [UInt8], _ count: Int, _ processor: EventProcessor, _ builder: BlockBuilder
  ) -> Int {
    let unit = FrameUnit(
      source: SourceContext(input: .tcp, peer: "benchmark"), keepsAllOccurrences: false)
    return unsafe bytes.withUnsafeBytes {
      unsafe processor.process(
        lines: UnsafeRawBufferPointer(rebasing: $0.prefix(count)), unit: unit, into: builder
      ) { _ in }.accepted
    }
  }

  /// All calls of a body of spans. - Returns: how many became events.
  static func processSpans(
    _ body: [UInt8], _ processor: EventProcessor, _ builder: BlockBuilder
  ) -> Int {
    let unit = FrameUnit(
      source: SourceContext(input: .webhook, peer: "benchmark"), keepsAllOccurrences: true)
    let spans = SpanFrames(.json, spanBytesMax: 4 << 20)
    var count = 0
    return unsafe body.withUnsafeBytes { body in
      while !spans.isEnded {
        let broken = unsafe spans.goOn(in: body) { frame in
          guard case .call(let bytes) = frame else { return }
          if unsafe processor.process(frame: bytes, unit: unit, into: builder, refuse: { _ in }) {
            count += 1
          }
        }
        if broken != nil { break }
      }
      return count
    }
  }

  /// The blocks as a sender leases them.
  func storedBlocks() throws -> [StoredBlock] {
    let deflater = Deflater(level: 1)
    return blocks.enumerated().map { index, block in
      StoredBlock(
        id: UInt64(index + 1), firstSequence: UInt64(index * 1000), codec: .deflate,
        stored: deflater.flushedPiece(block.bytes), rawLengthBytes: block.bytes.count,
        rawCrc32: Deflater.crc32(block.bytes), items: block.items)
    }
  }
}
