import LogPipeline
import Testing

/// Goal: senders' ids decide nothing: two different events are two documents whatever their ids say, and it is counted.
@Suite struct SenderIdTests {
  private func line(_ id: String, _ tokens: Int, second: Int = 0) -> String {
    let seconds = second < 10 ? "0\(second)" : "\(second)"
    return
      #"{"timestamp":"2026-11-20T10:00:\#(seconds)Z","request_id":"\#(id)","model":"gpt-4.1","usage":{"prompt_tokens":\#(tokens),"completion_tokens":1}}"#
  }

  @Test func `one constant id on many events`() throws {
    let bench = try EventBench()
    let lines = (0..<50).map { line("constant", $0 + 1) }.joined(separator: "\n")
    let events = try bench.process(lines)
    #expect(events.count == 50)
    #expect(Set(events.map(\.id)).count == 50)
    #expect(events.allSatisfy { $0.string("request_id") == "constant" })
    #expect(bench.processor.counters.reusedIds == 49)
  }

  @Test func `the same event again is no reuse, on the same connection or another`() throws {
    let bench = try EventBench()
    let first = try bench.process(line("a", 1) + "\n" + line("a", 1))
    let again = try bench.process(line("a", 1))
    #expect(first[0].id != first[1].id)
    #expect(again[0].id == first[0].id)
    #expect(bench.processor.counters.reusedIds == 0)
    _ = try bench.process(line("b", 1))
    #expect(bench.processor.counters.reusedIds == 0)
    _ = try bench.process(line("a", 2))
    #expect(bench.processor.counters.reusedIds == 1)
  }

  @Test func `a failed attempt and its fallback share an id and are two events`() throws {
    let bench = try EventBench()
    let events = try bench.process(
      """
      {"timestamp":"2026-11-20T10:00:00Z","request_id":"r-1","model":"gpt-4.1","status_code":429,"attempt":1}
      {"timestamp":"2026-11-20T10:00:01Z","request_id":"r-1","model":"gpt-4.1-mini","status_code":200,"attempt":2,"fallback":true}
      """)
    #expect(Set(events.map(\.id)).count == 2)
    #expect(events.map { $0.integer("attempt") } == [1, 2])
    #expect(bench.processor.counters.reusedIds == 1)
  }

  @Test func `ids that say nothing are none`() throws {
    let bench = try EventBench()
    for id in ["", "None", "null"] {
      let events = try bench.process(line(id, 1) + "\n" + line(id, 2))
      #expect(events.allSatisfy { $0["request_id"] == nil }, "\(id)")
      #expect(Set(events.map(\.id)).count == 2)
    }
    #expect(bench.processor.counters.reusedIds == 0)
    let named = try bench.process(#"{"id":"e-1","n":1}"# + "\n" + #"{"id":"e-1","n":2}"#)
    #expect(named.allSatisfy { $0.string("event_id") == "e-1" })
    #expect(bench.processor.counters.reusedIds == 1)
  }

  @Test func `whom an event is for: the key, then its own words, a header only where trusted`()
    throws
  {
    let line =
      #"{"timestamp":"2026-11-20T10:00:00Z","feature":"search","cohort":"beta","endpoint":"/v1/chat","environment":"prod","tags":["a","b"],"request_tags":["c"],"session_id":"s"}"#
    func source(_ adjust: (inout SourceContext) -> Void) -> FrameUnit {
      var source = SourceContext(input: .webhook, peer: "test")
      adjust(&source)
      return FrameUnit(source: source, keepsAllOccurrences: true)
    }
    let plain = try EventBench().one(line)
    for (name, value) in [
      ("feature", "search"), ("cohort", "beta"), ("endpoint", "/v1/chat"), ("environment", "prod"),
    ] { #expect(plain.string(name) == value, "\(name)") }
    #expect(plain["tags"] == .array([.string("a"), .string("b")]))
    #expect(plain["request_tags"] == .array([.string("c")]))
    #expect(plain["team_id"] == nil)

    let claimed = try EventBench().one(line, unit: source { $0.teamIdClaimed = "sales" })
    #expect(claimed["team_id"] == nil)
    #expect(claimed.string("team_id_claimed") == "sales")
    let trusted = try EventBench { $0.meaning.trustsTeamHeader = true }.one(
      line, unit: source { $0.teamIdClaimed = "sales" })
    #expect(trusted.string("team_id") == "sales")
    #expect(trusted["team_id_claimed"] == nil)
    // The authenticated key wins over a trusted header, and over what the event says.
    let keyed = try EventBench { $0.meaning.trustsTeamHeader = true }.one(
      String(line.dropLast()) + #","team":"other"}"#,
      unit: source {
        $0.teamId = "engineering"
        $0.teamIdClaimed = "sales"
      })
    #expect(keyed.string("team_id") == "engineering")
    #expect(keyed.string("team_id_claimed") == "sales")
  }
}
