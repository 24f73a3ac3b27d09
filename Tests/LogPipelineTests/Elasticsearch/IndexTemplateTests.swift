import LogPipeline
import Testing

/// Goal: the template is there before the first event, or the operator knows why not.
/// Method: the installer against answers by hand, and delivery against a scripted server.
@Suite struct IndexTemplateTests {
  private let template = IndexTemplate(
    indexPattern: "holysheep-logs-*",
    fields: [
      ("@timestamp", .date), ("model", .keyword), ("usage.prompt_tokens", .long),
      ("usage.details.cached", .long), ("cost.status", .keyword), ("latency_ms", .double),
      ("error.message", .text), ("extra", .flattened),
    ])

  private let path = "/_index_template/sheepshipper-holysheep-logs"
  private let simulation = "POST /_index_template/_simulate_index/holysheep-logs-1970.01.01"
  private let missing = (404, #"{"error":{"type":"resource_not_found_exception"}}"#)
  private var ours: (Int, String) {
    (200, #"{"template":{"mappings":\#(template.mappings(.flattened).text)}}"#)
  }
  private func root(_ number: String, _ distribution: String = "") -> (Int, String) {
    (200, #"{"version":{"distribution":"\#(distribution)","number":"\#(number)"}}"#)
  }

  private func run(_ script: ServerScript, replaces: Bool = false) -> SetupOutcome {
    EssentialSetup(template, replaces: replaces).run(SetupDesk(send: script.send)).template
  }

  private func body(_ flattened: FlattenedKind) -> JsonValue {
    template.body(TemplateDialect(flattened: flattened))
  }

  private func stored(_ body: JsonValue) -> (Int, String) {
    (200, "{\"index_templates\":[{\"name\":\"x\",\"index_template\":\(body.text)}]}")
  }

  @Test func `dotted names become nested properties with explicit types`() throws {
    let mappings = template.mappings(.flattened)
    #expect(mappings["dynamic"]?.string == "false")
    let properties = mappings["properties"]
    #expect(properties?["@timestamp"]?["type"]?.string == "date")
    #expect(properties?["model"]?["ignore_above"]?.integer == 8191)
    let usage = properties?["usage"]?["properties"]
    #expect(usage?["prompt_tokens"]?["type"]?.string == "long")
    #expect(usage?["details"]?["properties"]?["cached"]?["type"]?.string == "long")
    #expect(usage?.members?.count == 2)
    #expect(properties?["extra"]?["type"]?.string == "flattened")
    #expect(
      template.mappings(.flatObject)["properties"]?["extra"]?["type"]?.string == "flat_object")
    #expect(
      template.mappings(.disabledObject)["properties"]?["extra"]?["enabled"]?.bool == false)
  }

  @Test(arguments: [
    ("8.19.0", "", "flattened"), ("7.17.28", "", "flattened"),
    ("2.19.3", "opensearch", "flat_object"), ("2.6.0", "opensearch", "disabled"),
    ("1.3.20", "opensearch", "disabled"), ("3.3.0", "opensearch", "flat_object"),
  ])
  func `a missing template is installed with what the product can do`(
    number: String, distribution: String, kind: String
  ) throws {
    let script = ServerScript([
      "GET \(path)": missing, "GET /": root(number, distribution), "PUT \(path)": (200, "{}"),
      simulation: ours,
    ])
    #expect(run(script) == .installed)
    let flattened = try #require(FlattenedKind(rawValue: kind))
    #expect(script.bodies == [body(flattened).text])
  }

  @Test func `a build that answers no GET of its root is known by its nodes`() {
    let script = ServerScript(
      [
        "GET \(path)": missing, "GET /": (405, #"{"error":"Incorrect HTTP method"}"#),
        "GET /_nodes?filter_path=nodes.*.version": (200, #"{"nodes":{"a":{"version":"8.19.0"}}}"#),
        "PUT \(path)": (200, "{}"), simulation: ours,
      ], headers: ["x-elastic-product": "Elasticsearch"])
    #expect(run(script) == .installed)
    #expect(script.bodies == [body(.flattened).text])
  }

  @Test func `a server without the flattened type gets a plain object`() {
    let script = ServerScript([
      "GET \(path)": missing, "GET /": root("7.10.2"),
      "PUT \(path)": (400, #"{"error":{"type":"mapper_parsing_exception","reason":"No handler"}}"#),
    ])
    #expect(run(script) == .refused("No handler"))
    #expect(
      script.bodies == [body(.flattened).text, body(.disabledObject).text])
  }

  @Test func `a template that is there is compared, not overwritten`() {
    let equal = ServerScript([
      "GET \(path)": stored(body(.flattened)), "GET /": root("8.19.0"), simulation: ours,
    ])
    #expect(run(equal) == .alreadyThere)
    #expect(equal.bodies.isEmpty)

    var fields = template.fields
    fields[2].type = .keyword
    let other = IndexTemplate(indexPattern: "holysheep-logs-*", fields: fields)
    let answers = [
      "GET \(path)": stored(other.body(TemplateDialect(flattened: .flattened))),
      "GET /": root("8.19.0"),
      "PUT \(path)": (200, "{}"), simulation: ours,
    ]
    let drifted = ServerScript(answers)
    #expect(
      run(drifted)
        == .drift("mappings.properties.usage.properties.prompt_tokens.type is keyword and not long")
    )
    #expect(drifted.bodies.isEmpty)
    let replaced = ServerScript(answers)
    #expect(run(replaced, replaces: true) == .replaced)
    #expect(replaced.bodies == [body(.flattened).text])
  }

  @Test func `what the operator put into the template stays when ours goes over it`() throws {
    let theirs = try JsonValue.parse(
      """
      {"index_patterns":["holysheep-logs-*","old-*"],"priority":400,"composed_of":["own"],
       "template":{"settings":{"index":{"number_of_replicas":"2","number_of_shards":"3"}},
       "mappings":{"_meta":{"a":1},"dynamic":"true","properties":{"model":{"type":"keyword","ignore_above":"8191",
       "fields":{"text":{"type":"text"}}},"usage":{"type":"keyword"},"own":{"type":"long"}}}}}
      """)
    let merged = template.merged(into: theirs, TemplateDialect(flattened: .flattened))
    #expect(template.drift(from: merged, TemplateDialect(flattened: .flattened)) == nil)
    #expect(merged["index_patterns"]?.elements?.count == 2)
    #expect(merged["priority"]?.integer == 400)
    #expect(merged["composed_of"]?[0]?.string == "own")
    let settings = merged["template"]?["settings"]?["index"]
    #expect(settings?["number_of_replicas"]?.string == "2")
    #expect(settings?["number_of_shards"]?.string == "1")
    let properties = merged["template"]?["mappings"]?["properties"]
    #expect(properties?["own"]?["type"]?.string == "long")
    #expect(properties?["model"]?["fields"]?["text"]?["type"]?.string == "text")
    #expect(properties?["usage"]?["type"] == nil)
    #expect(merged["template"]?["mappings"]?["dynamic"]?.string == "false")
  }

  @Test(arguments: [
    ("holysheep-logs-*", false, "sheepshipper-holysheep-logs"),
    ("a.b_*", false, "sheepshipper-a.b"),
    ("logs*", false, "sheepshipper-logs"), ("ai-calls", true, "sheepshipper-ai-calls-stream"),
  ])
  func `each prefix has a template of its own`(pattern: String, isStream: Bool, name: String) {
    let template = IndexTemplate(indexPattern: pattern, fields: [], isDataStream: isStream)
    #expect(template.name == name)
    let body = template.body(TemplateDialect(flattened: .flattened))
    #expect((body["data_stream"] != nil) == isStream)
    #expect(template.drift(from: body, TemplateDialect(flattened: .flattened)) == nil)
    let other = IndexTemplate(indexPattern: pattern, fields: [], isDataStream: !isStream)
    #expect(other.drift(from: body, TemplateDialect(flattened: .flattened)) != nil)
  }

  @Test func `of two patterns that fit, the longer one has the higher priority`() {
    // Servers refuse overlapping patterns of one priority.
    let (wide, close) = (
      IndexTemplate(indexPattern: "logs-*", fields: []),
      IndexTemplate(indexPattern: "logs-finance-*", fields: [])
    )
    #expect(wide.priority < close.priority && wide.priority > 200)
  }

  @Test func `another template that wins is said, with its name`() {
    let list =
      "GET /_index_template?filter_path=index_templates.name,index_templates.index_template.index_patterns,"
      + "index_templates.index_template.priority"
    let script = ServerScript([
      "GET \(path)": missing, "GET /": root("8.19.0"), "PUT \(path)": (200, "{}"),
      simulation: (200, #"{"template":{"mappings":{"properties":{"model":{}}}}}"#),
      list: (
        200,
        #"{"index_templates":[{"name":"wide","index_template":{"index_patterns":["*"],"priority":1}},{"name":"theirs","index_template":{"index_patterns":["x","holy*-19*"],"priority":900}},{"name":"elsewhere","index_template":{"index_patterns":["else*"],"priority":999}}]}"#
      ),
    ])
    guard case .overruled(let what) = run(script) else {
      Issue.record("not said")
      return
    }
    #expect(what.contains("another index template (theirs) wins"))
  }

  @Test func `a template of the same priority is refused with its name, and nothing else is tried`()
  {
    let reason =
      "index template [a] has index patterns [b] matching patterns from existing templates [other-logs] that have the same priority [315]"
    let script = ServerScript([
      "GET \(path)": missing, "GET /": root("8.19.0"),
      "PUT \(path)": (
        400, #"{"error":{"type":"illegal_argument_exception","reason":"\#(reason)"}}"#
      ),
    ])
    #expect(run(script) == .refused(reason))
    #expect(script.bodies.count == 1)
  }

  @Test func `without the privilege delivery goes on, without the server it waits`() {
    let forbidden = (403, #"{"error":{"type":"security_exception","reason":"no right"}}"#)
    let script = ServerScript([
      "GET \(path)": forbidden, "GET /": root("8.19.0"), "PUT \(path)": forbidden,
    ])
    #expect(run(script) == .notAllowed("no right"))
    for answers in [
      [:], ["GET \(path)": (503, "")], ["GET \(path)": (401, "")], ["GET \(path)": (404, "<html>")],
      ["GET \(path)": (200, "<html>")], ["GET \(path)": missing],
      ["GET \(path)": missing, "GET /": root("8.19.0"), "PUT \(path)": (503, "")],
    ] {
      guard case .notYet = run(ServerScript(answers)) else {
        Issue.record("\(answers)")
        continue
      }
    }
  }

  @Test func `no event is sent before the template was looked at`() throws {
    let source = MemoryBlockSource(try (1...9).map { try BlockFactory.block(id: $0, count: 5) })
    let server = try ScriptedHttpServer { request, number in
      if number <= 2 { return .answer(503, "") }
      switch (request.method, request.path) {
      case ("GET", "/"): return .answer(200, #"{"version":{"number":"8.1.0"}}"#)
      case ("GET", _):
        return .answer(404, #"{"error":{"type":"resource_not_found_exception"}}"#)
      case ("PUT", _): return .answer(200, #"{"acknowledged":true}"#)
      case (_, let path) where path.contains("_simulate_index"): return .answer(403, "")
      default:
        let items = [String](repeating: "{\"create\":{\"status\":201}}", count: request.ids.count)
        return .answer(200, "{\"errors\":false,\"items\":[\(items.joined(separator: ","))]}")
      }
    }
    var settings = ElasticsearchConfiguration(hosts: [server.url])
    settings.senders = 2
    settings.flush = .milliseconds(5)
    settings.retryBase = .milliseconds(2)
    let delivery = try Delivery(
      source: source, settings: settings, template: template,
      deadLetters: DeadLetterWriter(folder: "/nonexistent"))
    try DeliveryRun.finish(delivery)
    server.stop()
    #expect(source.count(.delivered) == 45)
    let firstEvent = server.requests.firstIndex { $0.path.hasPrefix("/_bulk") }
    let installed = server.requests.firstIndex { $0.method == "PUT" }
    #expect(try #require(installed) < #require(firstEvent))
    #expect(delivery.snapshot.template == "installed")
  }
}
