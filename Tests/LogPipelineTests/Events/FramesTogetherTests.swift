import LogPipeline
import Testing

/// Goal: what a line becomes does not depend on the lines that are read at once with it.
/// Method: two units get the same lines, one all of them in one buffer, the other line by line: good ones and broken ones,
/// such as need the parser's document, long ones, blank ones, and such whose paths are far longer than they are. The same with
/// several units, whose lines come mixed.
@Suite struct FramesTogetherTests {
  private static let odd: [String] = [
    "", "   ", "\r", "not json", "[1]", "{", "{}", "\u{feff}{\"model\":\"gpt-4.1\"}",
    #"{"model":"gpt-4.1","model":"gpt-4.1-mini","usage":{"prompt_tokens":1}}"#,
    #"{"mo\u0064el":"gpt-4.1","request_id":"r-1","note":"\u00e9\ud83d\ude00"}"#,
    #"{"model":"gpt-4.1","note":"\ud83d","x":"kept apart"}"#,
    #"{"model":"gpt-4.1","count":18446744073709551615,"ratio":1e-7}"#,
    #"{"timestamp":"2026-11-20T12:00:00Z","messages":[{"role":"user","content":"hello"}]}"#,
    #"{"tags":["a","b",1,2.5],"list":[1,2,3],"deep":{"er":{"and":{"deeper":true}}}}"#,
    #"{"n":NaN}"#, #"{"n":1e400}"#, "{\"text\":\"\u{1}\"}",
    long(bytes: 20_000), long(bytes: 40_000), manyPaths,
  ]

  /// A plain event with one long text.
  private static func long(bytes: Int) -> String {
    #"{"timestamp":"2026-11-20T12:00:00Z","model":"gpt-4.1","prompt":""#
      + String(repeating: "lorem ", count: bytes / 6) + #""}"#
  }

  /// 500 leaves below twelve long keys: 390 kB of paths from 10 kB.
  private static let manyPaths: String = {
    let keys = (0..<12).map { "{\"" + String(repeating: "k", count: 60) + "\($0)\":" }
    let leaves = (0..<500).map { "\"leaf_\($0)\":\($0)" }.joined(separator: ",")
    return keys.joined() + "{\(leaves)}" + String(repeating: "}", count: keys.count)
  }()

  private static let plain: [String] =
    DemoEvents(endingAt: EventBench.arrivalMilliseconds).relayLines
    .split(separator: UInt8(ascii: "\n")).prefix(100).map { String(decoding: $0, as: UTF8.self) }

  @Test(arguments: SimulationSeeds.from(1, count: 4))
  func `together they become what each becomes alone`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let (together, alone) = (try EventBench(), try EventBench())
    let (togetherUnit, aloneUnit) = (EventBench.unit(.file), EventBench.unit(.file))
    for round in 0..<40 {
      let lines = (0..<random.below(40)).map { _ in
        let from = random.below(3) == 0 ? Self.odd : Self.plain
        return from[random.below(from.count)] + "\n"
      }
      let expected = try lines.flatMap { try Self.take($0, alone, aloneUnit) }
      let found = try Self.take(lines.joined(), together, togetherUnit)
      #expect(found == expected, "replay: seed \(seed), round \(round)")
      #expect(together.refusals == alone.refusals, "replay: seed \(seed), round \(round)")
      (together.refusals, alone.refusals) = ([], [])
      #expect(togetherUnit.lineCount == aloneUnit.lineCount)
      #expect(togetherUnit.frameCount == aloneUnit.frameCount)
    }
    #expect(together.processor.counters == alone.processor.counters)
  }

  @Test(arguments: SimulationSeeds.from(1, count: 4))
  func `what a sender brings does not depend on those whose lines come with it`(
    seed: UInt64
  ) throws {
    var random = SeededRandom(seed: seed)
    let (together, alone) = (try EventBench(), try EventBench())
    let peers = (0..<5).map { "peer \($0)" }
    let units = peers.map { EventBench.unit(.file, peer: $0) }
    let aloneUnits = peers.map { EventBench.unit(.file, peer: $0) }
    for round in 0..<40 {
      let pieces = (0..<random.below(14)).map { _ in
        let lines = (0..<random.below(7)).map { _ in
          let from = random.below(4) == 0 ? Self.odd : Self.plain
          return from[random.below(from.count)] + "\n"
        }
        return (text: lines.joined(), unit: random.below(units.count))
      }
      var expected: [String] = []
      var (counts, refusedPeers): ([[Int]], [String]) = ([], [])
      for piece in pieces {
        let refusedBefore = alone.refusals.count
        let events = try Self.take(piece.text, alone, aloneUnits[piece.unit])
        let refused = alone.refusals.count - refusedBefore
        expected += events
        counts.append([events.count, refused])
        refusedPeers += Array(repeating: peers[piece.unit], count: refused)
      }
      let found = try together.process(together: pieces.map { ($0.text, units[$0.unit]) })
      let replay: Comment = "replay: seed \(seed), round \(round)"
      #expect(found.events.map(Self.text) == expected, replay)
      #expect(found.counts == counts, replay)
      #expect(together.refusals == alone.refusals, replay)
      #expect(together.refusedUnits == refusedPeers, replay)
      #expect(units.map(\.lineCount) == aloneUnits.map(\.lineCount), replay)
      #expect(units.map(\.frameCount) == aloneUnits.map(\.frameCount), replay)
      (together.refusals, alone.refusals, together.refusedUnits) = ([], [], [])
    }
    #expect(together.processor.counters == alone.processor.counters)
  }

  private static func text(_ event: EventBench.Event) -> String {
    "\(event.index) \(event.id) \(event.text)"
  }

  private static func take(
    _ text: String, _ bench: EventBench, _ unit: FrameUnit
  ) throws -> [String] {
    try bench.process(text, unit: unit).map(Self.text)
  }
}
