import LogPipeline
import Testing

/// Goal: what is no event is refused with its reason, and never costs its neighbours.
@Suite struct EventRefusalTests {
  static let bad: [(line: [UInt8], reason: Refusal.Reason)] = [
    (Array("a stray stack trace line".utf8), .notJson),
    (Array(#"{"request_type":"x","metadata":{"model":"gpt-4"#.utf8), .notJson),
    (Array(#"{"note":""#.utf8) + [0xff, 0xfe, 0xc3] + Array(#"( broken"}"#.utf8), .notUtf8),
    (Array("[1,2,3]".utf8), .notAnObject),
    (Array("42".utf8), .notAnObject),
    (Array("null".utf8), .notAnObject),
    (Array("\"text\"".utf8), .notAnObject),
    (Array("{\"note\":\"a\0b\"}".utf8), .notJson),
    (Array("}}}]]],,,\"".utf8), .notJson),
    (Array(#"{"request_type":"trailing"} garbage"#.utf8), .notJson),
    (Array("{\"note\":\"a\u{1}\tb\"}\r".utf8), .notJson),
    (Array(repeating: UInt8(ascii: "["), count: 2000), .notJson),
    (Array(#"{"v":1e999999}"#.utf8), .notFinite),
    (Array(#"{"v":-1e400,"s":"\ud800"}"#.utf8), .notFinite),
    (Array(#"{"v":NaN}"#.utf8), .notFinite),
    (Array(#"{"v":-Infinity}"#.utf8), .notFinite),
    (Array(#"{"s":"NaN","v":01}"#.utf8), .notJson),
    (Array(#"{"a":1,}"#.utf8), .notJson),
    (Array(#"{'a':1}"#.utf8), .notJson),
    (Array(#"{"a":tru}"#.utf8), .notJson),
    (Array(#"{"a":"\x"}"#.utf8), .notJson),
    (#"{"a":1}"#.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }, .notUtf8),
    ([0xff, 0xfe] + #"{"a":1}"#.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }, .notUtf8),
    (nested(33), .tooDeep),
    (Array("{\((0..<2001).map { "\"k\($0)\":1" }.joined(separator: ","))}".utf8), .tooManyKeys),
  ]

  static func nested(_ levels: Int) -> [UInt8] {
    Array(
      (String(repeating: "{\"a\":", count: levels) + "1" + String(repeating: "}", count: levels))
        .utf8)
  }

  @Test(arguments: bad.indices)
  func `each kind is refused with its reason between two good lines`(index: Int) throws {
    let bench = try EventBench()
    let good = Array("{\"timestamp\":1795217767,\"n\":1}\n".utf8)
    let line = Self.bad[index].line
    let unit = EventBench.unit(.tcp)
    let events = try bench.process(good + line + [10] + good + [10, 32, 13, 10] + good, unit: unit)
    #expect(events.count == 3)
    try #require(bench.refusals.count == 1)
    let refusal = bench.refusals[0]
    #expect(refusal.reason == Self.bad[index].reason, "\(refusal.message)")
    #expect(refusal.frame == 2)
    #expect(refusal.message.count > 20)
    #expect(unit.frameCount == 4)
    #expect(String(validating: refusal.scrubbed, as: UTF8.self) != nil)
    #expect(bench.processor.counters.refused == 1)
    #expect(bench.processor.counters.accepted == 3)
  }

  @Test func `the limits are just inside`() throws {
    let bench = try EventBench()
    #expect(try bench.process(Self.nested(32)).count == 1)
    let keys = (0..<2000).map { "\"k\($0)\":1" }.joined(separator: ",")
    #expect(try bench.process("{\(keys)}").count == 1)
    // A long conversation is no reason to lose a call's metering.
    let turns = (0..<3000).map { #"{"role":"user","content":"\#($0)"}"# }.joined(separator: ",")
    #expect(try bench.process(#"{"messages":[\#(turns)]}"#).count == 1)
    #expect(bench.refusals.isEmpty)
  }

  @Test func `a line over the limit is refused, the next large one still read`() throws {
    let bench = try EventBench { $0.lineBytesMax = 3 << 20 }
    func line(_ bytes: Int) -> String {
      #"{"timestamp":1795217767,"content":""# + String(repeating: "x", count: bytes) + "\"}\n"
    }
    let events = try bench.process(
      line(3 << 20) + line(10) + line((3 << 20) - 100) + line(10) + line(2 << 20))
    #expect(events.count == 4)
    #expect(bench.refusals.map(\.reason) == [.tooLong])
    #expect(bench.refusals[0].scrubbed.count <= 64 << 10)
  }

  @Test func `what is shown of a refused frame is scrubbed`() throws {
    let bench = try EventBench()
    try bench.process("{\"user\": \"pilot@harbour.example\", broken")
    #expect(!String(decoding: bench.refusals[0].scrubbed, as: UTF8.self).contains("pilot@harbour"))
  }

  @Test func `a frame by itself may span lines; a blank one is nothing`() throws {
    let bench = try EventBench()
    let unit = EventBench.unit(.webhook, whole: true)
    func process(_ text: String) -> Bool {
      let bytes = Array(text.utf8)
      let padded = bytes + [UInt8](repeating: 0, count: 64)
      return unsafe padded.withUnsafeBytes {
        unsafe bench.processor.process(
          frame: UnsafeRawBufferPointer(rebasing: $0.prefix(bytes.count)), unit: unit,
          into: bench.builder
        ) { bench.refusals.append($0) }
      }
    }
    #expect(process("\n{\n \"model\": \"m\"\n}\n"))
    #expect(!process(" \n"))
    #expect(!process("[]"))
    #expect(unit.frameCount == 2)
    #expect(bench.refusals.map(\.frame) == [2])
    #expect(try bench.takeEvents().count == 1)
  }
}
