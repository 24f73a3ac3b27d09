import LogPipeline
import Testing

/// Goal: logstash/ makes the documents that the program makes, in the fields both have. Method: its lists and its dictionary
/// against the program; and its two scripts under Ruby, where there is one, on the same events. Logstash itself is not run.
@Suite struct LogstashTests {
  private static let ruby = "/usr/bin/ruby"

  // The lists.

  @Test func `each path that the pipeline reads leads the program to the same field`() throws {
    let lists = try LogstashLists()
    #expect(lists.entries.count >= 80)
    let known = Set(FieldTable.documentFields.map(\.name))
    let bench = try EventBench()
    for entry in lists.entries {
      #expect(known.contains(entry.field), "\(entry.field) is no field")
      let event = try bench.one(entry.event + "\n")
      #expect(event[entry.field]?.text == entry.value, "\(entry.path) is not \(entry.field)")
    }
    for path in lists.times {
      let line = LogstashLists.nested(path, #""2026-11-20T01:02:03.000Z""#) + "\n"
      #expect(
        try EventBench().one(line).string("@timestamp") == "2026-11-20T01:02:03.000Z", "\(path)")
    }
  }

  @Test func `the files that the pipeline names lie beside it`()
    throws
  {
    let text = try Repository.text("logstash/pipeline.conf")
    for name in ["relay.rb", "cost.rb", "prices.yml"] {
      #expect(text.contains("${PIPELINE_DIR:/etc/logstash/sheepshipper}/\(name)\""))
      #expect(FileSystem.exists("\(Repository.root)/logstash/\(name)"))
    }
    #expect(text.contains("index => \"holysheep-logs-%{+YYYY.MM.dd}\""))
    #expect(text.contains("action => \"create\""))
  }

  // The dictionary.

  @Test func `each line of the dictionary has the program's model, book and rates`() throws {
    let lines = try DictionaryLine.all()
    let bench = try EventBench()
    for line in lines {
      let event = try bench.one(line.event(input: 1000))
      #expect(event.string("model") == line.model, "\(line.name)")
      #expect(event.string("model_family") == line.family, "\(line.name)")
      guard let input = line.input, let output = line.output, let cached = line.cached else {
        continue
      }
      #expect(event.string("cost.book") == line.book, "\(line.name)")
      #expect(event.double("cost.input_per_mtok") == input, "\(line.name)")
      #expect(event.double("cost.output_per_mtok") == output, "\(line.name)")
      let cost = (900 * input + 100 * cached + 200 * output) / 1e6
      #expect(abs((event.double("cost_usd") ?? 0) - cost) < 1e-12, "\(line.name)")
      #expect(
        event.bool("cost.partly_direct") == (line.isCachedBorrowed ? true : nil), "\(line.name)")
      #expect(event.string("cost.price_version") == line.date)
      guard let limit = line.largestInput else { continue }
      #expect(
        try bench.one(line.event(input: limit)).double("cost.input_per_mtok") == input,
        "\(line.name)")
      #expect(
        try bench.one(line.event(input: limit + 1)).double("cost.input_per_mtok") != input,
        "\(line.name)")
    }
    let names = Set(lines.map(\.name))
    for row in try #require(EventBench.prices).rows {
      #expect(names.contains(row.model), "\(row.model)")
    }
    #expect(lines.filter { $0.input == nil }.count < 10)
  }

  @Test(.enabled(if: FileSystem.exists("/usr/bin/python3"), "there is no /usr/bin/python3"))
  func `the dictionary is what the script writes`() throws {
    let child = try ChildProcess(
      "/usr/bin/python3", ["\(Repository.root)/scripts/logstash-prices", "--check"])
    #expect(
      child.wait(until: SystemClock().now() + .seconds(60)) == .exited(0), "\(child.errorText)")
  }

  // The scripts.

  /// In the program's documents alone, and why: docs/logstash.md.
  private static let ours: Set<String> = [
    "content_hmac", "content_hmac_key_id", "extra", "client_ip", "error", "cost",
    "saved_cache_cost",
  ]

  @Test(
    .enabled(if: FileSystem.exists(ruby), "there is no /usr/bin/ruby to run the pipeline's scripts")
  )
  func `the pipeline's documents are the program's in every field they share`() throws {
    let lines = try events()
    let bench = try EventBench()
    let expected = try bench.process(lines.joined(separator: "\n") + "\n").map(\.document)
    let found = try run(lines)
    try #require(found.count == expected.count && bench.refusals.isEmpty)
    var compared = 0
    for (theirs, own) in zip(found, expected) {
      for (key, value) in Self.leaves(theirs) where key != "_id" {
        // The date filter keeps milliseconds.
        let expected = Self.leaves(own)[key].map {
          key == "@timestamp" && $0.count > 26 ? "\($0.prefix(24))Z\"" : $0
        }
        #expect(expected == value, "\(key) is \(value) in \(theirs.text), \(own.text)")
        compared += 1
      }
      let missing = Set(own.members?.map(\.key) ?? []).subtracting(theirs.members?.map(\.key) ?? [])
      #expect(missing.subtracting(Self.ours).isEmpty, "\(missing) of \(own.text)")
    }
    #expect(compared > 10_000)
    #expect(Set(found.compactMap { $0["_id"]?.string }).count == found.count)
  }

  @Test(
    .enabled(if: FileSystem.exists(ruby), "there is no /usr/bin/ruby to run the pipeline's scripts")
  )
  func `nothing that people wrote, and no key that is not known, gets into a document`() throws {
    let found = try run([
      #"{"model":"gpt-4.1","messages":[{"content":"SECRET"}],"prompt":"SECRET","brand_new":"SECRET","response":{"id":"r","text":"SECRET"},"error_message":"SECRET key","error":"SECRET","metadata":{"ip_address":"203.0.113.9","note":"SECRET"}}"#
    ])
    #expect(found.count == 1)
    #expect(
      !found[0].text.contains("SECRET") && !found[0].text.contains("203.0"), "\(found[0].text)")
  }

  @Test(
    .enabled(if: FileSystem.exists(ruby), "there is no /usr/bin/ruby to run the pipeline's scripts")
  )
  func `what the dictionary can not price has no cost`() throws {
    let call =
      #""timestamp":"2026-11-20T10:00:00Z","usage":{"prompt_tokens":10,"completion_tokens":5"#
    let found = try run([
      "{\"model\":\"house-tuned-7b\",\(call)}}",
      "{\"model\":\"gpt-4.1\",\"service_tier\":\"priority\",\(call)}}",
      "{\"model\":\"gpt-4.1\",\"inference_geo\":\"us\",\(call)}}",
      "{\"model\":\"deepseek-v4-pro\",\(call)}}",
      "{\"model\":\"gpt-4.1\",\(call),\"cache_creation_input_tokens\":4}}",
      #"{"model":"gpt-5.4","timestamp":"2026-11-20T10:00:00Z","usage":{"prompt_tokens":272001,"completion_tokens":5}}"#,
      #"{"model":"gpt-5.6-sol","timestamp":"2026-08-20T23:59:59Z","usage":{"prompt_tokens":1,"completion_tokens":5}}"#,
    ])
    for document in found {
      #expect(document["cost"]?["status"]?.string == "unpriced", "\(document.text)")
      #expect(document["cost_usd"] == nil, "\(document.text)")
    }
    #expect(found.count == 7)
  }

  /// The relay's own shape, without what the pipeline treats otherwise on purpose.
  private func events() throws -> [String] {
    let fixture = String(
      decoding: try FieldTableTests.fixture("events/relay.ndjson"), as: UTF8.self
    ).split(separator: "\n")
    let made = DashboardEvents.lines.split(separator: "\n").prefix(600)
    return fixture.prefix(3).map(String.init)
      + made.filter { !$0.contains("\"cost_usd\":") }.map(String.init)
  }

  private func run(_ lines: [String]) throws -> [JsonValue] {
    let child = try ChildProcess(
      Self.ruby,
      [
        "\(Repository.root)/Tests/LogPipelineTests/Fixtures/logstash.rb",
        "\(Repository.root)/logstash",
      ],
      input: .pipe)
    let writer = try PosixThread("events") {
      try? child.write(Array((lines.joined(separator: "\n") + "\n").utf8))
      child.closeInput()
    }
    let ending = child.wait(until: SystemClock().now() + .seconds(60))
    writer.join()
    #expect(ending == .exited(0), "\(child.errorText)")
    return try child.outputText.split(separator: "\n").map { try JsonValue.parse(String($0)) }
  }

  /// Values by dotted name; numbers as they count, not as they are written.
  private static func leaves(_ value: JsonValue, _ path: String = "") -> [String: String] {
    guard case .object(let members) = value else {
      return [path: value.double.map { "\($0)" } ?? value.text]
    }
    return members.reduce(into: [:]) { found, member in
      found.merge(leaves(member.value, path.isEmpty ? member.key : "\(path).\(member.key)")) { $1 }
    }
  }
}
