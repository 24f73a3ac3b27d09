import LogPipeline

/// The stages in the order an event passes them.
struct Stages {
  private let load: Load

  init(_ load: Load) { self.load = load }

  var all: [Stage] {
    [
      event, liteLlmEvent, traces, pricing, redaction,
    ] + libraries.map { compression($0) } + [checksum] + libraries.map { ring($0) }
      + [ringAlone, body, answer, answerWithErrors, json]
  }

  /// ISA-L too where it is there.
  private var libraries: [CompressionLibrary] {
    if case .ready = IsalLibrary.found { return [.zlib, .isal] }
    return [.zlib]
  }

  /// Line to bulk lines in a block: parse, type, price, redact, hash, write.
  private var event: Stage {
    let load = load
    return Stage("event: parse, normalise, emit", eventsPerCall: load.eventCount) {
      let (processor, builder) = (try Load.processor(load.prices), BlockBuilder(intake: 0))
      return {
        let count = Load.process(load.bytes, load.lineBytes, processor, builder)
        builder.seal()
        builder.sealed = []
        return count
      }
    }
  }

  /// As `event`, of LiteLLM's, which are long: most of them is passed over.
  private var liteLlmEvent: Stage {
    let load = load
    return Stage("LiteLLM: lines as long as its callback's", eventsPerCall: load.liteLlmCount) {
      let lines = try load.liteLlmLines()
      let bytes = lines + [UInt8](repeating: 0x20, count: 64)
      let (processor, builder) = (try Load.processor(load.prices), BlockBuilder(intake: 0))
      return {
        let count = Load.process(bytes, lines.count, processor, builder)
        builder.seal()
        builder.sealed = []
        return count
      }
    }
  }

  /// A body of spans to bulk lines: found, put together as frames, and then as `event`.
  private var traces: Stage {
    let body = SpanBodies.body()
    let prices = load.prices
    let bytes = body.count / SpanBodies.spansPerBody
    return Stage("traces: OTLP spans of \(bytes) bytes", eventsPerCall: SpanBodies.spansPerBody) {
      let (processor, builder) = (try Load.processor(prices), BlockBuilder(intake: 0))
      return {
        let count = Load.processSpans(body, processor, builder)
        builder.seal()
        builder.sealed = []
        return count
      }
    }
  }

  private var pricing: Stage {
    let prices = load.prices
    let models = [
      "gpt-4.1", "claude-sonnet-4.5", "gemini-2.5-flash", "deepseek-v3.2", "moonshot-v1-128k",
      "house-tuned-7b",
    ].map { Array($0.utf8) }
    return Stage("pricing: name to exact cost", eventsPerCall: models.count) {
      let resolver = ModelResolver(books: prices)
      var tokens: Int64 = 0
      return {
        var sum: Int64 = 0
        for model in models {
          tokens = (tokens + 37) % 4_000
          let match = unsafe model.withUnsafeBytes {
            unsafe resolver.resolve($0, book: .holysheep)
          }
          let usage = TokenUsage(promptTokens: 700 + tokens, completionTokens: 120 + tokens)
          let cost = prices.cost(
            match, usage: usage, eventMilliseconds: 1_795_273_200_000, basis: .split,
            serviceTier: nil, isCacheHit: false)
          sum &+= cost.totalPicoUsd
        }
        return Int(truncatingIfNeeded: sum)
      }
    }
  }

  private var redaction: Stage {
    let texts = [
      "rate limit reached for key sk-demo0123456789abcdefghijklmnopqrstuvwx, retry in 2 s",
      "upstream closed the stream", "no answer from upstream within 30000 ms",
      "invalid input near 'my card is 4111 1111 1111 1111, charge it'",
      "content policy: message from jane.doe@example.com was rejected",
      "key hs_demo0123456789abcdefghijklmnop is revoked",
    ].map { Array($0.utf8) }
    return Stage("redaction: one error message", eventsPerCall: texts.count) {
      let redactor = Redactor()
      var out: [UInt8] = []
      return {
        var found = 0
        for text in texts {
          out.removeAll(keepingCapacity: true)
          found += unsafe text.withUnsafeBytes { unsafe redactor.scrub($0, into: &out) }
        }
        return found
      }
    }
  }

  private func compression(_ library: CompressionLibrary) -> Stage {
    let load = load
    return Stage("block compression: \(library) level 1", eventsPerCall: load.eventCount) {
      let deflater = PieceDeflater(library)
      return { load.blocks.reduce(0) { $0 + deflater.piece($1.bytes).count } }
    }
  }

  /// Of the raw lines for gzip's trailer.
  private var checksum: Stage {
    let load = load
    return Stage("block checksum: CRC32 of the lines", eventsPerCall: load.eventCount) {
      { load.blocks.reduce(0) { $0 &+ Int(Deflater.crc32($1.bytes)) } }
    }
  }

  /// Blocks in, compressed, written, synced, leased and settled: both of the ring's threads.
  private func ring(_ library: CompressionLibrary) -> Stage {
    let load = load
    return Stage("ring with \(library): append to settle", eventsPerCall: load.eventCount) {
      let ring = try RingRun(library)
      return { try ring.pass(load.blocks) }
    }
  }

  /// The same without compression: the faster library's part is taken off.
  private var ringAlone: Stage {
    let load = load
    let library = libraries.last ?? .zlib
    return Stage(
      "ring: the same without compression", eventsPerCall: load.eventCount,
      prepareWithLess: {
        let ring = try RingRun(library)
        let deflater = PieceDeflater(library)
        var room = [UInt8](repeating: 0, count: deflater.boundBytes(RawBlock.rawBytesMax))
        return (
          { try ring.pass(load.blocks) },
          {
            load.blocks.reduce(0) { sum, block in
              unsafe room.withUnsafeMutableBytes { room in
                unsafe block.bytes.withUnsafeBytes {
                  unsafe sum + deflater.piece(of: $0, into: room)
                }
              }
            }
          }
        )
      })
  }

  private var body: Stage {
    let load = load
    return Stage("bulk body: gzip out of ready blocks", eventsPerCall: load.eventCount) {
      let reader = BlockReader()
      let deflater = PieceDeflater(.zlib)
      let pieces = try load.storedBlocks().map { block in
        let held = HeldBlock(block)
        return Piece(held: held, items: held.owedItems)
      }
      return { try BulkBody(pieces, isGzip: true, reader: reader, deflater: deflater).bytes.count }
    }
  }

  private var answer: Stage {
    let count = 5_000
    let item = #"{"create":{"status":201}}"#
    let text =
      #"{"errors":false,"items":["# + Array(repeating: item, count: count).joined(separator: ",")
      + "]}"
    let answer = Array(text.utf8)
    return Stage("bulk answer: all stored", eventsPerCall: count) {
      { BulkAnswer.parse(answer)?.count ?? 0 }
    }
  }

  private var answerWithErrors: Stage {
    let count = 5_000
    let good = #"{"create":{"status":201}}"#
    let bad =
      #"{"create":{"status":409,"error":{"type":"version_conflict_engine_exception","reason":"[a]"}}}"#
    let items = (0..<count).map { $0 % 100 == 7 ? bad : good }
    let answer = Array((#"{"errors":true,"items":["# + items.joined(separator: ",") + "]}").utf8)
    return Stage("bulk answer: 1 in 100 refused", eventsPerCall: count) {
      { BulkAnswer.parse(answer)?.count ?? 0 }
    }
  }

  private var json: Stage {
    let lines = load.lines
    return Stage("JsonValue.parse: answers, settings", eventsPerCall: lines.count) {
      { try lines.reduce(0) { $0 &+ (try JsonValue.parse($1).members?.count ?? 0) } }
    }
  }
}
