import LogPipeline
import Testing

/// Goal: `tap` shows what passes, filtered, and never holds up who lets it pass.
/// Method: blocks offered to a tap, with readers that read and readers that do not.
@Suite struct TapTests {
  private func block(_ count: Int, of document: (Int) -> String) -> RawBlock {
    let builder = BlockBuilder(intake: 0)
    for number in 0..<count {
      let id = String(repeating: "a", count: 20) + String(100_000 + number)
      let lines = Array(
        "{\"create\":{\"_index\":\"x\",\"_id\":\"\(id)\"}}\n\(document(number))\n".utf8)
      unsafe lines.withUnsafeBytes {
        unsafe builder.append(
          actionAndDocument: $0,
          item: BlockItem(
            fingerprint: UInt64(number), rawLengthBytes: UInt32(lines.count), day: 20_000))
      }
    }
    builder.seal()
    return builder.sealed[0]
  }

  private func lines(_ source: TapSource) -> [String] {
    let bytes = source.next(until: SystemClock().now())
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  private func request(_ filters: String...) -> JsonValue {
    .object([("filters", .array(filters.map { .string($0) }))])
  }

  @Test func `a watcher gets events as the archive has them, from when it came`() throws {
    let tap = EventTap()
    tap.pass([block(1) { _ in "{\"team_id\":\"before\"}" }])
    let source = try TapSource(tap, request: request())
    tap.pass([block(2) { "{\"team_id\":\"t\($0)\"}" }])
    #expect(
      lines(source) == [
        "{\"_id\":\"aaaaaaaaaaaaaaaaaaaa100000\",\"team_id\":\"t0\"}",
        "{\"_id\":\"aaaaaaaaaaaaaaaaaaaa100001\",\"team_id\":\"t1\"}",
      ])
    #expect(lines(source).isEmpty)
    source.close()
    tap.pass([block(1) { _ in "{}" }])
    #expect(lines(source).isEmpty)
  }

  @Test func `a watcher that does not read loses the rest, to the event, and others do not`() throws
  {
    let tap = EventTap()
    let (slow, quick) = (
      try TapSource(tap, request: request()), try TapSource(tap, request: request())
    )
    let block = block(1_000) { _ in "{\"team_id\":\"\(String(repeating: "x", count: 60))\"}" }
    let blocks = EventTapQueue.bytesMax / block.bytes.count + 4
    var read = 0
    for _ in 0..<blocks {
      tap.pass([block])
      read += lines(quick).count
    }
    #expect(read == blocks * 1_000)
    var (got, lost) = (0, 0)
    while case let next = lines(slow), !next.isEmpty {
      for line in next {
        let count = try JsonValue.parse(line)["lost"]?.integer
        (got, lost) = (got + (count == nil ? 1 : 0), lost + Int(count ?? 0))
      }
    }
    #expect(got + lost == blocks * 1_000)
    #expect(lost >= 1_000)
  }

  @Test func `no more than a few may watch`() throws {
    let tap = EventTap()
    let sources = try (0..<EventTap.queuesMax).map { _ in try TapSource(tap, request: request()) }
    #expect(throws: ControlError.self) { try TapSource(tap, request: request()) }
    sources[0].close()
    _ = try TapSource(tap, request: request())
  }

  static let filtered: [(String, Bool)] = [
    ("team_id=search", true), ("team_id=sear", false), ("team_id=*", true), ("missing=*", false),
    ("error.type=timeout", true), ("error=*", true), ("status_code=429", true),
    ("status_code=429.0", true), ("status_code=42", false), ("stream=true", true),
    ("tags=blue", true), ("tags=green", false), ("error.message=say \"no\"", true),
  ]

  @Test(arguments: filtered)
  func `a filter compares the field's value`(text: String, fits: Bool) throws {
    let tap = EventTap()
    let source = try TapSource(tap, request: request(text))
    let both = try TapSource(tap, request: request(text, "team_id=other"))
    tap.pass([
      block(1) { _ in
        #"{"team_id":"search","status_code":429,"stream":true,"tags":["red","blue"],"error":{"type":"timeout","message":"say \"no\""}}"#
      }
    ])
    #expect(lines(source).count == (fits ? 1 : 0))
    #expect(lines(both).isEmpty)
  }

  @Test func `a text that is no filter is refused`() {
    for text in ["", "team", "=x", "a..b=1", "a="] { #expect(TapFilter(text) == nil, "\(text)") }
  }

  @Test(arguments: [80, 200])
  func `a line for the eye stays within the terminal and obeys nothing`(columns: Int) throws {
    let text = TapText(columns: columns, style: .plain)
    let line = text.line(
      try JsonValue.parse(
        #"{"@timestamp":"2026-11-21T15:00:00.123456Z","team_id":"a-team-with-a-long-name-\u001b[31m","model":"claude-sonnet-4.5-20260101","status_code":200,"latency_ms":1234.5,"token_count":2593,"cost_usd":0.017343,"outcome":"success"}"#
      ))
    #expect(line.count <= columns && text.heading.count <= columns)
    #expect(!line.contains("\u{1B}"))
    #expect(line.hasPrefix("15:00:00.123 a-team-with"))
    #expect(line.hasSuffix(" 1,234 ms   2,593    0.017343"), "\(line)")
  }
}
