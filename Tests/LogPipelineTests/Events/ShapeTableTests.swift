import LogPipeline
import Testing

/// Goal: every shape that is documented becomes the document it should. Method: one file a shape (Fixtures/shapes), posted
/// as its senders post it, against a table that was worked out by hand from raw texts and price lists (table.tsv).
@Suite struct ShapeTableTests {
  /// A line of the table; "-" is a field that the document must not have.
  struct Row {
    let file: String
    let number: Int
    let cells: [String: String]
  }

  private static let columns = [
    "model", "in", "out", "cached", "reasoning", "cost", "latency_ms", "status_code", "outcome",
    "team", "error",
  ]
  private static let paths = [
    "model": "model", "in": "usage.prompt_tokens", "out": "usage.completion_tokens",
    "cached": "usage.cached_tokens", "reasoning": "usage.reasoning_tokens",
    "latency_ms": "latency_ms", "status_code": "status_code", "outcome": "outcome",
    "team": "team_id", "error": "error.type",
  ]

  static func rows() throws -> [Row] {
    let text = String(decoding: try FieldTableTests.fixture("shapes/table.tsv"), as: UTF8.self)
    return try text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
      let cells = line.split(separator: "\t").map(String.init)
      try #require(cells.count == columns.count + 2, "\(line)")
      return Row(
        file: cells[0], number: try #require(Int(cells[1])),
        cells: Dictionary(uniqueKeysWithValues: zip(columns, cells.dropFirst(2))))
    }
  }

  @Test func `each event of each shape is as the table says`() throws {
    let rows = try Self.rows()
    #expect(rows.count >= 60)
    for file in Set(rows.map(\.file)).sorted() {
      let events = try Self.events(of: file)
      let own = rows.filter { $0.file == file }
      #expect(own.map(\.number) == Array(1...events.count), "\(file): a row for each event")
      for (row, event) in zip(own, events) { Self.check(row, event) }
    }
  }

  @Test func `spans are the same document in protobuf`() throws {
    for file in Set(try Self.rows().map(\.file)).sorted() where file.hasPrefix("traces") {
      let bench = try TracesBench()
      for line in try FieldTableTests.fixture("shapes/\(file)").split(separator: 10) {
        let body = ProtobufBody.request(try JsonValue.parse(Array(line)))
        #expect(try bench.post(body)?.status == 200)
      }
      let events = try bench.takeEvents()
      #expect(events.map(\.text) == (try Self.events(of: file)).map(\.text), "\(file)")
      #expect(events.map(\.id) == (try Self.events(of: file)).map(\.id), "\(file)")
    }
  }

  /// What an unknown shape brings beside known fields goes to `extra`: numbers as they are, texts not.
  @Test func `an unknown shape keeps its known fields, and the rest is in extra`() throws {
    let event = try #require(try Self.events(of: "unknown.ndjson").first)
    #expect(event["extra"]?["gateway.hops"]?.integer == 3)
    #expect(event["extra"]?["gateway.note"]?.string == "[REDACTED]")
    #expect(event["extra"]?["shard"]?.integer == 7)
  }

  /// The documents of a file, posted whole: lines, an array or one object; spans line by line.
  static func events(of file: String) throws -> [EventBench.Event] {
    let bench = try TracesBench()
    let bytes = try FieldTableTests.fixture("shapes/\(file)")
    if file.hasPrefix("traces") {
      for line in bytes.split(separator: 10) {
        #expect(try bench.post(Array(line), type: "application/json")?.body == "{}")
      }
    } else {
      let answer = try bench.harness.http().post("/v1/events", bytes)
      #expect(answer?.status == 200)
      #expect(answer?.json?["refused"]?.elements?.isEmpty == true, "\(answer?.body ?? "")")
    }
    return try bench.takeEvents()
  }

  private static func check(_ row: Row, _ event: EventBench.Event) {
    let place = "\(row.file):\(row.number)"
    for column in columns {
      guard let path = paths[column], let expected = row.cells[column] else { continue }
      #expect(shown(event[path]) == expected, "\(place) \(column): \(event.text)")
    }
    // A status; before a colon, or alone, an amount in 1e-12 USD.
    let parts = (row.cells["cost"] ?? "").split(separator: ":").map(String.init)
    let pico = parts.compactMap(Int64.init).first
    let status = parts.first { Int64($0) == nil } ?? "priced"
    #expect(event.string("cost.status") == status, "\(place): \(event.text)")
    #expect(
      event.double("cost_usd")
        == (pico ?? (status == "cache_hit" ? 0 : nil)).map { Double($0) / 1e12 },
      "\(place): \(event.text)")
    if let prompt = event.integer("usage.prompt_tokens"),
      let completion = event.integer("usage.completion_tokens")
    {
      #expect(event.integer("token_count") == prompt + completion, "\(place)")
    }
    #expect(!event.text.contains("harbour"), "\(place) holds content: \(event.text)")
  }

  private static func shown(_ value: JsonValue?) -> String {
    switch value {
    case nil: "-"
    case .string(let text): text
    case .number(let number): "\(number)"
    case .some(let other): other.text
    }
  }
}
