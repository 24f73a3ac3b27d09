import LogPipeline
import Testing

/// Goal: frames that are walked the quick way become the same documents and refusals as through the parser's own document.
/// Method: two processors, one for each way, over the demo's events and odd ones, damaged in a thousand places by a seed.
@Suite struct QuickWalkTests {
  /// What the two ways might disagree on: put in place of a byte, or between two.
  private static let snippets: [String] = [
    "\"", "\\", "{", "}", "[", "]", ",", ":", " ", "\t", "0", "-", ".", "e", "E5", "1e5", "\u{1}",
    "\u{0}", "é", "\\u00e9",
    "\\ud83d\\ude00", "\\ud83d", "\\udc00x", "\\u12", "\\u0000", "\\n\\t\\\"\\\\\\/\\b\\f\\r",
    "\\q", "null", "true", "falsee",
    "nul", "01", "-0", "-0.0", "1.", ".5", "1e", "1e+", "1e400", "1e-400", "-1E-2", "0.1",
    "123456789012345.5",
    "1234567890123456.7", "999999999999999999", "9223372036854775807", "18446744073709551615",
    "18446744073709551616",
    "-9223372036854775809", "NaN", "\"a\":1,", "\"a\\n\":1,", "\"usage\":{},", "\"role\":\"user\",",
    "[1,2.50,null,true],",
    "[],", "{},", "[[1],\"x\\ty\"],", "\"tags\":[\"a\",1,null,{\"b\":\"c\"}],",
    "\"x\":[1,2.5,-3e2,true,null],",
    "\"messages\":[{\"role\":\"user\",\"content\":\"say \\\"hi\\\" 😀\"}],",
    "\"jane@example.com\":1,", "\"a.b\":{\"c\":2},",
    "\"choices\":[{\"finish_reason\":\"stop\",\"text\":\"a\\\\b\"},{\"finish_reason\":\"x\"}],",
    "\"error\":\"key sk-\\u0061bc\",",
    String(repeating: "[", count: 31), String(repeating: "{\"k\":", count: 33),
  ]

  private static let seedLines: [[UInt8]] = {
    let demo = DemoEvents(endingAt: EventBench.arrivalMilliseconds)
    let relay = demo.relayLines.split(separator: UInt8(ascii: "\n")).prefix(200).map { Array($0) }
    let bodies = demo.webhookBodies.prefix(2).flatMap { body in
      ((try? JsonValue.parse(body))?.elements ?? []).map { Array($0.text.utf8) }
    }
    return relay + bodies
  }()

  @Test(arguments: SimulationSeeds.from(1, count: 3))
  func `both ways give the same documents and refusals`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let quick = try EventBench()
    let close = try EventBench { $0.readsClosely = true }
    let (quickUnit, closeUnit) = (EventBench.unit(.file), EventBench.unit(.file))
    for round in 0..<2000 {
      let line = Self.damaged(Self.seedLines[random.below(Self.seedLines.count)], &random)
      let expected = try Self.take(line, close, closeUnit)
      let found = try Self.take(line, quick, quickUnit)
      let text = String(decoding: line, as: UTF8.self)
      #expect(found == expected, "replay: seed \(seed), round \(round): \(text)")
      #expect(quick.refusals == close.refusals, "replay: seed \(seed), round \(round): \(text)")
      (quick.refusals, close.refusals) = ([], [])
    }
    #expect(quick.processor.counters == close.processor.counters)
  }

  private static func take(
    _ line: [UInt8], _ bench: EventBench, _ unit: FrameUnit
  ) throws -> [String] {
    try bench.process(line, unit: unit).map { "\($0.index) \($0.id) \($0.text)" }
  }

  /// None to three places are replaced, removed or added to.
  private static func damaged(_ line: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
    var line = line
    for _ in 0..<random.below(4) {
      let at = random.below(line.count)
      let snippet = Array(snippets[random.below(snippets.count)].utf8)
      switch random.below(4) {
      case 0: line.replaceSubrange(at...at, with: snippet)
      case 1: line[at] = UInt8(truncatingIfNeeded: random.next())
      case 2: line.remove(at: at)
      default: line.insert(contentsOf: snippet, at: afterComma(at, in: line))
      }
    }
    return line.filter { $0 != UInt8(ascii: "\n") }
  }

  /// Where a member or an element may stand: more of what is put there stays JSON.
  private static func afterComma(_ at: Int, in line: [UInt8]) -> Int {
    line[at...].firstIndex { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "{") }.map { $0 + 1 }
      ?? at
  }
}
