import LogPipeline
import Testing

/// Goal: the same event twice is one document, two events are never one.
@Suite struct EventIdTests {
  private let line = #"{"timestamp":"2026-11-20T10:00:00Z","model":"m"}"#

  @Test func `an id is 26 characters and depends on bytes, occurrence and seed alone`() throws {
    let first = try EventBench().one(line).id
    #expect(first.utf8.count == 26)
    #expect(first.allSatisfy { "0123456789abcdefghjkmnpqrstvwxyz".contains($0) })
    #expect(try EventBench().one("\u{FEFF} \t\(line)  \r\n").id == first)
    #expect(try EventBench().one(line, unit: EventBench.unit(.file)).id == first)
    #expect(try EventBench().one(line, unit: EventBench.unit(.webhook, whole: true)).id == first)
    #expect(try EventBench { $0.idSeed = 7 }.one(line).id != first)
    #expect(try EventBench().one(line + " ").id == first)
    #expect(try EventBench().one(line.replacing("\"m\"", with: "\"n\"")).id != first)
  }

  @Test func `equal lines of one unit are told apart, those of another start anew`() throws {
    let bench = try EventBench()
    let three = "\(line)\n\(line)\n\(line)\n"
    let ids = try bench.process(three).map(\.id)
    #expect(Set(ids).count == 3)
    #expect(try bench.process(three).map(\.id) == ids)
    let unit = EventBench.unit(.tcp)
    let split = try bench.process("\(line)\n", unit: unit) + bench.process(line, unit: unit)
    #expect(split.map(\.id) == Array(ids.prefix(2)))
    #expect(bench.processor.counters.repeatedFrames == 5)
  }

  @Test func `a connection remembers 1,024 frames, a webhook body all`() throws {
    for (distance, isForgotten) in [(1023, false), (1024, true), (3000, true)] {
      let others = (0..<distance).map { #"{"timestamp":1,"n":\#($0)}"# }.joined(separator: "\n")
      let text = "\(line)\n\(others)\n\(line)\n"
      let events = try EventBench().process(text)
      #expect((events.first?.id == events.last?.id) == isForgotten, "\(distance)")
      let body = try EventBench().process(text, unit: EventBench.unit(.webhook, whole: true))
      #expect(body.first?.id != body.last?.id)
    }
  }

  @Test func `the window counts like a plain list of the last frames`() throws {
    var random = SystemRandomNumberGenerator()
    var seed: UInt64 = 42
    _ = random.next()
    var lines: [String] = []
    for _ in 0..<5000 {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      lines.append(#"{"timestamp":1,"n":\#((seed >> 33) % 700)}"#)
    }
    let ids = try EventBench().process(lines.joined(separator: "\n")).map(\.id)
    var known: [String: String] = [:]
    for (index, line) in lines.enumerated() {
      let equal = lines[max(0, index - 1024)..<index].count { $0 == line }
      let key = "\(line) \(equal)"
      if let id = known[key] { #expect(id == ids[index]) } else { known[key] = ids[index] }
    }
    #expect(Set(known.values).count == known.count)
  }

  @Test func `a resumed file rereads its window and goes on with the same ids`() throws {
    let lines = (0..<60).map { _ in line } + (0..<10).map { _ in #"{"model":"no time"}"# }
    let whole = try EventBench().process(
      lines.joined(separator: "\n"), unit: EventBench.unit(.file)
    ).map(\.id)
    #expect(Set(whole).count == 70)
    let bench = try EventBench()
    let unit = EventBench.unit(.file)
    let before = Array((lines.prefix(40).joined(separator: "\n") + "\n").utf8)
    unsafe before.withUnsafeBytes { unsafe bench.processor.remember(lines: $0, unit: unit) }
    let rest = try bench.process(lines.dropFirst(40).joined(separator: "\n"), unit: unit)
    #expect(rest.map(\.id) == Array(whole.dropFirst(40)))
    #expect(unit.frameCount == 70)
  }

  @Test func `no two processors give the same id to frames without a time`() throws {
    let text = Array("{\"model\":\"m\"}\n{\"model\":\"m\"}\n".utf8)
    let ids = try (0..<16).flatMap { _ in try EventBench().process(text).map(\.id) }
    #expect(Set(ids).count == 32)
  }

  @Test func `frames without a time are new events live, and their line in a file`() throws {
    let timeless = #"{"model":"m"}"#
    let bench = try EventBench()
    let live =
      try bench.process("\(timeless)\n\(timeless)")
      + bench.process(timeless) + EventBench().process(timeless)
    #expect(Set(live.map(\.id)).count == 4)
    let text = "\n\(timeless)\n\n\(timeless)"
    let once = try EventBench().process(text, unit: EventBench.unit(.file)).map(\.id)
    let twice = try EventBench().process(text, unit: EventBench.unit(.file)).map(\.id)
    #expect(once == twice)
    let moved = try EventBench().process(timeless, unit: EventBench.unit(.file)).map(\.id)
    #expect(moved[0] != once[0])
  }
}
