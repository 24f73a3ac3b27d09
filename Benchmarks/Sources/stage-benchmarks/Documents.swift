import LogPipeline

/// What becomes of a file's lines, under several rules: action lines, documents, refusals and counters on standard
/// output. Two builds that make the same of one file are told by `cmp`.
final class Documents {
  private let path: String
  private let prices: PriceBooks
  private var told: [UInt8] = []
  private static let toldBytesMax = 1 << 20

  init(_ path: String, prices: PriceBooks) { (self.path, self.prices) = (path, prices) }

  func write() throws {
    let lines = try FileSystem.read(path, limitBytes: 1 << 30)
    for (name, rules) in try Self.allRules() {
      tell("rules: \(name)\n".utf8)
      try take(lines, rules)
    }
    flush()
  }

  private static func allRules() throws -> [(name: String, rules: EventRules)] {
    let key = try ContentKey([UInt8](repeating: 7, count: 32))
    let plain = EventRules(contentKey: key)
    var kept = plain
    kept.meaning.content = .keep
    kept.userIds = .hmac
    var dropped = plain
    dropped.meaning.content = .drop
    dropped.addresses = .truncate
    dropped.trustsNamedTeam = false
    var small = plain
    (small.eventBytesMax, small.depthMax, small.keysMax) = (600, 4, 25)
    var close = plain
    close.readsClosely = true
    return [
      ("plain", plain), ("kept", kept), ("dropped", dropped), ("small", small), ("close", close),
    ]
  }

  /// Lines that begin as OTLP does are bodies of spans, all others events.
  private func take(_ lines: [UInt8], _ rules: EventRules) throws {
    let processor = try EventProcessor(
      rules: rules, prices: prices, clock: Load.StillClock(), intake: 0)
    let unit = FrameUnit(
      source: SourceContext(input: .file, peer: "file"), keepsAllOccurrences: false)
    let builder = BlockBuilder(intake: 0)
    for line in lines.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      let isTraces = line.starts(with: #"{"resourceSpans""#.utf8)
      let padded = Array(line) + [UInt8](repeating: 0x20, count: 64)
      unsafe padded.withUnsafeBytes { padded in
        let bytes = unsafe UnsafeRawBufferPointer(rebasing: padded[..<line.count])
        if isTraces {
          unsafe takeSpans(bytes, processor, unit, builder)
        } else {
          _ = unsafe processor.process(lines: bytes, unit: unit, into: builder) {
            tell($0)
          }
        }
      }
      builder.seal()
      for block in builder.sealed { tell(block.bytes) }
      builder.sealed = []
    }
    tell("\(processor.counters)\n".utf8)
  }

  private func takeSpans(
    _ body: UnsafeRawBufferPointer, _ processor: EventProcessor, _ unit: FrameUnit,
    _ builder: BlockBuilder
  ) {
    let spans = SpanFrames(.json, spanBytesMax: 4 << 20)
    while !spans.isEnded {
      let broken = unsafe spans.goOn(in: body) { frame in
        switch frame {
        case .call(let bytes):
          _ = unsafe processor.process(frame: bytes, unit: unit, into: builder) { tell($0) }
        case .refused(let reason, let range, let message):
          tell("refused span: \(reason) \(range) \(message)\n".utf8)
        }
      }
      if let broken { return tell("broken: \(broken)\n".utf8) }
    }
  }

  private func tell(_ refusal: Refusal) {
    tell("refused: \(refusal.reason) \(refusal.frame) \(refusal.message) ".utf8)
    tell(refusal.scrubbed)
    tell("\n".utf8)
  }

  private func tell(_ text: some Sequence<UInt8>) {
    told += text
    if told.count > Self.toldBytesMax { flush() }
  }

  private func flush() {
    StandardStreams.write(String(decoding: told, as: UTF8.self))
    told.removeAll(keepingCapacity: true)
  }
}
