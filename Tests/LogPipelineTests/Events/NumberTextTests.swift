import LogPipeline
import Testing

/// Goal: numbers are written as the shortest text that reads back as the same value, however they get there.
/// Method: through a document, against Swift's own shortest text.
@Suite struct NumberTextTests {
  @Test func `decimals are written shortest`() throws {
    let seed = UInt64.random(in: .min ... .max)
    var random = SeededRandom(seed: seed)
    let bench = try EventBench()
    for _ in 0..<2000 {
      let scale = [1.0, 8, 10, 100, 1000, 10_000, 1e7][random.below(7)]
      let value = Double(random.below(1 << (1 + random.below(40)))) / scale
      let event = try bench.one(#"{"timestamp":"2026-11-20T10:00:00Z","latency_ms":\#(value)}"#)
      #expect(event.double("latency_ms") == value, "replay: seed \(seed), \(value)")
      let written = try #require(event.text.split(separator: "latency_ms\":").last)
        .prefix { $0 != "," && $0 != "}" }
      #expect(
        written.count <= Self.shortest(value).count, "replay: seed \(seed), \(value): \(written)")
    }
  }

  @Test(
    arguments: [
      ("100000", "1e+05"), ("100000.0", "1e+05"), ("99999.0", "99999"), ("123456.5", "123456.5"),
      ("0.001", "0.001"), ("0.0001", "1e-04"), ("0.25", "0.25"), ("3673.900", "3673.9"),
      ("1000000000.5", "1000000000.5"), ("0.30000000000000004", "0.30000000000000004"),
      ("0.0", "0"),
    ])
  func `a duration is written as`(given: String, written: String) throws {
    let event = try EventBench().one(
      #"{"timestamp":"2026-11-20T10:00:00Z","latency_ms":\#(given)}"#)
    #expect(event.text.contains("\"latency_ms\":\(written)"), "\(event.text)")
  }

  /// Without the ".0" that Swift writes behind whole numbers.
  private static func shortest(_ value: Double) -> Substring {
    let text = "\(value)"
    return text.hasSuffix(".0") ? text.dropLast(2) : text[...]
  }
}
