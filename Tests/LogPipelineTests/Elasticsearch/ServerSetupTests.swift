import LogPipeline
import Testing

/// Goal: `setup` says of each thing what was there, what it did and what is left to do, at every kind of server.
/// Method: scripted answers, as real servers give them.
@Suite struct ServerSetupTests {
  private let fields: [(name: String, type: FieldType)] = [
    ("@timestamp", .date), ("usage.prompt_tokens", .long), ("extra", .flattened),
  ]
  private func template(
    stream: Bool = false, retention: Duration? = .seconds(90 * 86_400)
  ) -> IndexTemplate {
    IndexTemplate(
      indexPattern: stream ? "holysheep-logs" : "holysheep-logs-*", fields: fields,
      isDataStream: stream, retention: retention)
  }

  private static let name = "sheepshipper-holysheep-logs"
  private static let template = "/_index_template/\(name)"
  private static let lifecycle = "/_ilm/policy/\(name)"
  private static let states = "/_plugins/_ism/policies/\(name)"
  private static let missing = (404, #"{"error":{"type":"resource_not_found_exception"}}"#)
  private static let elasticsearch = (200, #"{"version":{"number":"8.19.0"}}"#)
  private static let openSearch = (
    200, #"{"version":{"distribution":"opensearch","number":"2.19.3"}}"#
  )
  private static let done = (200, #"{"acknowledged":true}"#)
  private static let former = "GET /_index_template/sheepshipper-logs"
  private static let settings =
    "GET /holysheep-logs-*/_settings?flat_settings=true&ignore_unavailable=true"
    + "&expand_wildcards=open,closed,hidden"
  private static let explain = "GET /_plugins/_ism/explain/holysheep-logs-*"

  private func setup(
    _ answers: [String: (Int, String)], _ template: IndexTemplate,
    _ choices: SetupChoices = SetupChoices(), isDryRun: Bool = false
  ) -> (report: SetupReport, script: ServerScript) {
    let script = ServerScript(answers)
    let desk = SetupDesk(isDryRun: isDryRun, send: script.send)
    return (ServerSetup(template, choices, desk).run(at: "http://es:9200"), script)
  }

  private func stored(_ template: IndexTemplate, _ dialect: TemplateDialect) -> (Int, String) {
    (
      200,
      "{\"index_templates\":[{\"name\":\"x\",\"index_template\":\(template.body(dialect).text)}]}"
    )
  }

  private func step(_ report: SetupReport, _ subject: String) throws -> SetupStep {
    try #require(report.steps.last { $0.subject == subject }, "\(subject) in \(report.text)")
  }

  private let withLifecycle = TemplateDialect(flattened: .flattened, hasLifecycle: true)

  @Test func `an empty Elasticsearch gets the policy first, then the template that names it`()
    throws
  {
    let (report, script) = setup(
      [
        "GET /": Self.elasticsearch, "GET \(Self.lifecycle)": Self.missing,
        "PUT \(Self.lifecycle)": Self.done, "GET \(Self.template)": Self.missing,
        "PUT \(Self.template)": Self.done, Self.settings: (200, "{}"),
      ], template())
    #expect(report.grade == .good, "\(report.text)")
    #expect(
      script.bodies == [
        #"{"policy":{"phases":{"delete":{"min_age":"90d","actions":{"delete":{}}}}}}"#,
        template().body(withLifecycle).text,
      ])
    #expect(
      template().body(withLifecycle)["template"]?["settings"]?["index"]?["lifecycle"]?["name"]?
        .string == Self.name)
    #expect(try step(report, "retention").happened == "was missing: installed")
    #expect(try step(report, "template").happened == "was missing: installed")
    #expect(report.text.contains("All is in place."))
  }

  @Test func `all in place: nothing is changed`() throws {
    let theirs =
      #"{"\#(Self.name)":{"version":3,"policy":{"phases":{"hot":{"min_age":"0ms"},"delete":{"min_age":"90d","actions":{"delete":{"delete_searchable_snapshot":true}}}}}}}"#
    let (report, script) = setup(
      [
        "GET /": Self.elasticsearch, "GET \(Self.lifecycle)": (200, theirs),
        "GET \(Self.template)": stored(template(), withLifecycle), Self.former: Self.missing,
        Self.settings: (
          200,
          #"{"holysheep-logs-2026.11.20":{"settings":{"index.lifecycle.name":"\#(Self.name)"}}}"#
        ),
      ], template())
    #expect(report.grade == .good)
    #expect(script.bodies.isEmpty && report.changes.isEmpty)
    #expect(try step(report, "indices").happened == "all 1 have the policy")
  }

  @Test func `an Elasticsearch without ILM is said, and the template goes in without its setting`()
    throws
  {
    for answer in [
      (400, #"{"error":"no handler found for uri [/_ilm/policy/x] and method [GET]"}"#),
      (404, #"{"error":{"type":"index_not_found_exception","reason":"no such index [_ilm]"}}"#),
      (405, #"{"error":"Incorrect HTTP method"}"#),
    ] {
      let (report, script) = setup(
        [
          "GET /": Self.elasticsearch, "GET \(Self.lifecycle)": answer,
          "GET \(Self.template)": Self.missing, "PUT \(Self.template)": Self.done,
        ], template())
      #expect(report.grade == .notInPlace)
      #expect(script.bodies == [template().body(TemplateDialect(flattened: .flattened)).text])
      let retention = try step(report, "retention")
      #expect(retention.happened == "this server has no ILM: nothing of ours deletes old indices")
      #expect(retention.advice.contains("DELETE /holysheep-logs-2026.01.31"))
    }
  }

  @Test func `a policy with other content is left, and replaced when asked to`() throws {
    let theirs =
      #"{"\#(Self.name)":{"policy":{"phases":{"delete":{"min_age":"30d","actions":{"delete":{}}}}}}}"#
    let answers = [
      "GET /": Self.elasticsearch, "GET \(Self.lifecycle)": (200, theirs),
      "PUT \(Self.lifecycle)": Self.done, "GET \(Self.template)": stored(template(), withLifecycle),
    ]
    let (left, script) = setup(answers, template())
    #expect(left.grade == .notInPlace && script.bodies.isEmpty)
    #expect(
      try step(left, "retention").happened
        == "there, but policy.phases.delete.min_age is 30d and not 90d; left as it is")
    let (replaced, second) = setup(answers, template(), SetupChoices(replaces: true))
    #expect(replaced.grade == .good)
    #expect(second.bodies == [template().retention?.lifecycleBody.text])
    #expect(try step(replaced, "retention").happened == "was another one: replaced")
  }

  @Test func `OpenSearch gets an ISM policy that finds its indices by their pattern`() throws {
    for gone in [
      (404, #"{"error":{"type":"status_exception","reason":"Policy not found"},"status":404}"#),
      (404, #"{"error":{"type":"x","reason":"no such index [.opendistro-ism-config]"}}"#),
    ] {
      let (report, script) = setup(
        [
          "GET /": Self.openSearch, "GET \(Self.states)": gone, "PUT \(Self.states)": (201, "{}"),
          "GET \(Self.template)": Self.missing, "PUT \(Self.template)": Self.done,
          Self.explain: (404, "{}"),
        ], template())
      #expect(report.grade == .good, "\(report.text)")
      let policy = try JsonValue.parse(script.bodies[0])["policy"]
      #expect(policy?["ism_template"]?[0]?["index_patterns"]?[0]?.string == "holysheep-logs-*")
      #expect(
        policy?["states"]?[0]?["transitions"]?[0]?["conditions"]?["min_index_age"]?.string == "90d")
      #expect(
        script.bodies[1] == template().body(TemplateDialect(flattened: .flatObject)).text)
    }
  }

  @Test func `an ISM policy is replaced at the version that was read`() throws {
    let ours = try #require(template().retention).stateBody["policy"]?.text ?? ""
    let theirs = ours.replacing("90d", with: "30d")
    let change = "PUT \(Self.states)?if_seq_no=7&if_primary_term=2"
    let answers: [String: (Int, String)] = [
      "GET /": Self.openSearch,
      "GET \(Self.states)": (200, #"{"_seq_no":7,"_primary_term":2,"policy":\#(theirs)}"#),
      change: (200, "{}"),
      "GET \(Self.template)": stored(template(), TemplateDialect(flattened: .flatObject)),
    ]
    #expect(setup(answers, template()).report.grade == .notInPlace)
    let (report, script) = setup(answers, template(), SetupChoices(replaces: true))
    #expect(report.grade == .good)
    #expect(script.requests.contains(change))
  }

  @Test func `an OpenSearch without the plugin is said`() throws {
    let (report, _) = setup(
      [
        "GET /": Self.openSearch,
        "GET \(Self.states)": (400, #"{"error":"no handler found for uri [/_plugins/x]"}"#),
        "GET \(Self.template)": Self.missing, "PUT \(Self.template)": Self.done,
      ], template())
    #expect(try step(report, "retention").happened.contains("has no ISM"))
    #expect(report.grade == .notInPlace)
  }

  @Test func `older indices are told, and get the policy when asked for it`() throws {
    let found = (
      200,
      #"{"holysheep-logs-2026.11.01":{"settings":{}},"holysheep-logs-2026.11.02":{"settings":{"index.lifecycle.name":"theirs"}},"holysheep-logs-2026.11.03":{"settings":{"index.lifecycle.name":"\#(Self.name)"}}}"#
    )
    let theirs = #"{"\#(Self.name)":\#(template().retention?.lifecycleBody.text ?? "")}"#
    let change = "PUT /holysheep-logs-2026.11.01/_settings"
    let answers = [
      "GET /": Self.elasticsearch, "GET \(Self.lifecycle)": (200, theirs),
      "GET \(Self.template)": stored(template(), withLifecycle), Self.settings: found,
      change: Self.done,
    ]
    let (told, _) = setup(answers, template())
    #expect(told.grade == .good, "an older index is no fault")
    #expect(told.text.contains("1 index (holysheep-logs-2026.11.02) under another policy"))
    #expect(
      try step(told, "indices").happened.hasPrefix("1 index (holysheep-logs-2026.11.01) without"))
    #expect(try step(told, "indices").advice.contains("--apply-to-existing"))
    let (applied, script) = setup(answers, template(), SetupChoices(appliesToExisting: true))
    #expect(script.bodies == [#"{"index.lifecycle.name":"\#(Self.name)"}"#])
    #expect(try step(applied, "indices").happened.hasSuffix("got it"))
    let forbidden = answers.merging([change: (403, #"{"error":{"reason":"no"}}"#)]) { $1 }
    #expect(
      setup(forbidden, template(), SetupChoices(appliesToExisting: true)).report.grade
        == .notAllowed)
  }

  @Test func `ISM is asked which indices it manages, and told to take the others`() throws {
    let ours = try #require(template().retention).stateBody["policy"]?.text ?? ""
    let key = "index.plugins.index_state_management.policy_id"
    let change = "POST /_plugins/_ism/add/holysheep-logs-1,holysheep-logs-2"
    let answers = [
      "GET /": Self.openSearch, "GET \(Self.states)": (200, #"{"policy":\#(ours)}"#),
      "GET \(Self.template)": stored(template(), TemplateDialect(flattened: .flatObject)),
      Self.explain: (
        200,
        #"{"holysheep-logs-2":{"\#(key)":null},"holysheep-logs-1":{"\#(key)":null},"holysheep-logs-3":{"\#(key)":"theirs"},"total_managed_indices":1}"#
      ), change: (200, #"{"updated_indices":2,"failures":false,"failed_indices":[]}"#),
    ]
    let (report, script) = setup(answers, template(), SetupChoices(appliesToExisting: true))
    #expect(report.grade == .good, "\(report.text)")
    #expect(script.requests.last == change)
    let failed = answers.merging([
      change: (200, #"{"failures":true,"failed_indices":[{"reason":"it has one"}]}"#)
    ]) { $1 }
    let refused = setup(failed, template(), SetupChoices(appliesToExisting: true)).report
    #expect(refused.grade == .notInPlace && refused.text.contains("it has one"))
  }

  @Test func `what a user may not do is said with the privilege it takes`() throws {
    let no = (403, #"{"error":{"type":"security_exception","reason":"action is unauthorized"}}"#)
    let privileges = "POST /_security/user/_has_privileges"
    let (report, _) = setup(
      [
        "GET /": Self.elasticsearch, "GET \(Self.lifecycle)": no, "GET \(Self.template)": no,
        "PUT \(Self.template)": no,
        privileges: (
          200,
          #"{"username":"jane","has_all_requested":false,"cluster":{"monitor":true,"manage_ilm":false},"index":{"holysheep-logs-*":{"manage":false}}}"#
        ),
      ], template())
    #expect(report.grade == .notAllowed)
    #expect(try step(report, "privileges").happened.hasPrefix("lacks manage_ilm, manage;"))
    #expect(try step(report, "template").advice.contains("manage_index_templates"))
    #expect(try step(report, "retention").advice.contains("manage_ilm"))
    #expect(report.text.contains("this user lacks privileges"))
  }

  @Test func `a server that is away, unwell or denies us is no silence`() throws {
    let (away, _) = setup([:], template())
    #expect(away.grade == .failed)
    #expect(away.text.contains("--dry-run --for"))
    let unwell = setup(
      ["GET /": Self.elasticsearch, "GET \(Self.lifecycle)": (503, "")], template()
    ).report
    #expect(unwell.grade == .failed)
    // A sick policy is no reason to hold events back.
    let script = ServerScript([
      "GET /": Self.elasticsearch, "GET \(Self.lifecycle)": (503, ""),
      "GET \(Self.template)": Self.missing, "PUT \(Self.template)": Self.done,
    ])
    let result = EssentialSetup(template(), replaces: false).run(SetupDesk(send: script.send))
    #expect(result.template == .installed)
    #expect(script.bodies == [template().body(withLifecycle).text])
    let denied = setup(
      [
        "GET /": (401, "{}"), "GET /_nodes?filter_path=nodes.*.version": (401, "{}"),
        "GET \(Self.template)": (401, #"{"error":{"type":"security_exception","reason":"who?"}}"#),
      ], template(retention: nil)
    ).report
    #expect(denied.grade == .notAllowed)
    #expect(denied.text.contains("Check the credentials."))
  }

  @Test func `a server that does not say what it is shows it by the paths it knows`() throws {
    let (no, nodes) = ((403, "{}"), "GET /_nodes?filter_path=nodes.*.version")
    func dialect(_ lifecycle: (Int, String), _ states: (Int, String)) -> (SetupOutcome?, String) {
      let script = ServerScript([
        "GET /": no, nodes: no, "GET \(Self.lifecycle)": lifecycle, "GET \(Self.states)": states,
        "GET \(Self.template)": Self.missing, "PUT \(Self.template)": Self.done,
        "PUT \(Self.lifecycle)": Self.done, "PUT \(Self.states)": Self.done,
      ])
      let result = EssentialSetup(template(), replaces: false).run(SetupDesk(send: script.send))
      return (result.policy, script.bodies.last ?? "")
    }
    let unknownPath = (400, #"{"error":"no handler found for uri"}"#)
    let named = #""lifecycle":{"name":"\#(Self.name)"}"#
    let plain = template().body(TemplateDialect(flattened: .disabledObject)).text
    let elasticsearch = dialect(Self.missing, unknownPath)
    #expect(elasticsearch.0 == .installed && elasticsearch.1.contains(named))
    #expect(
      dialect(unknownPath, (404, #"{"error":{"type":"status_exception"}}"#)) == (.installed, plain))
    #expect(dialect(unknownPath, unknownPath) == (.notAvailable, plain))
    guard case (.notAllowed, _) = dialect(no, unknownPath) else {
      Issue.record("a policy that may be there is not said to be impossible")
      return
    }
  }

  @Test func `the template of an older version is said to be without effect`() throws {
    let older =
      #"{"index_templates":[{"index_template":{"index_patterns":["holysheep-logs-*"],"priority":300,"_meta":{"managed_by":"sheepshipper"}}}]}"#
    let (report, _) = setup(
      [
        "GET /": Self.elasticsearch, "GET \(Self.template)": Self.missing,
        "PUT \(Self.template)": Self.done, Self.former: (200, older),
      ], template(retention: nil))
    #expect(report.grade == .good)
    #expect(
      try step(report, "template").advice.contains("DELETE /_index_template/sheepshipper-logs"))
  }

  @Test func `a dry run asks, sends no change, and prints each request whole`() throws {
    let (report, script) = setup(
      [
        "GET /": Self.elasticsearch, "GET \(Self.lifecycle)": Self.missing,
        "GET \(Self.template)": Self.missing, Self.settings: (200, "{}"),
      ], template(), isDryRun: true)
    #expect(report.grade == .good)
    #expect(script.bodies.isEmpty)
    #expect(report.changes.map(\.path) == [Self.lifecycle, Self.template])
    #expect(report.text.contains("was missing: would be installed"))
    #expect(report.text.contains("Nothing was changed."))
    let body = try #require(report.text.firstRange(of: "PUT \(Self.template)\n"))
    let rest = report.text[body.upperBound...]
    let printed = try JsonValue.parse(
      String(rest[..<#require(rest.firstRange(of: "\n\n")).lowerBound]))
    #expect(printed == template().body(withLifecycle))
    for line in report.text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    #expect(report.json["changes"]?.elements?.count == 2)
  }

  @Test func `a data stream is made before the first event could make a plain index`() throws {
    let template = template(stream: true)
    let path = "/_index_template/\(template.name)"
    let stream = "/_data_stream/holysheep-logs"
    var answers = [
      "GET /": Self.openSearch,
      "GET /_plugins/_ism/policies/\(template.name)": (
        404, #"{"error":{"type":"status_exception"}}"#
      ),
      "PUT /_plugins/_ism/policies/\(template.name)": (201, "{}"),
      "GET \(path)": Self.missing, "PUT \(path)": Self.done,
      "GET \(stream)": (404, #"{"error":{"type":"index_not_found_exception"}}"#),
      "PUT \(stream)": Self.done,
    ]
    let (report, script) = setup(answers, template)
    #expect(report.grade == .good, "\(report.text)")
    #expect(script.requests.contains("PUT \(stream)"))
    #expect(try step(report, "stream").advice.contains("can be stored twice"))
    let state = try JsonValue.parse(script.bodies[0])["policy"]?["states"]?[0]
    #expect(state?["actions"]?[0]?["rollover"]?["min_index_age"]?.string == "7d")
    #expect(state?["transitions"]?[0]?["conditions"]?["min_index_age"]?.string == "97d")
    let hot = template.retention?.lifecycleBody["policy"]?["phases"]?["hot"]
    #expect(hot?["actions"]?["rollover"]?["max_age"]?.string == "7d")

    answers["PUT \(stream)"] = (400, #"{"error":{"type":"x","reason":"already exists"}}"#)
    #expect(setup(answers, template).report.grade == .notInPlace)
    // So OpenSearch answers for a plain index of that name.
    answers["GET \(stream)"] = (200, #"{"data_streams":[]}"#)
    #expect(setup(answers, template).report.grade == .notInPlace)
    answers["GET \(stream)"] = (200, #"{"data_streams":[{"name":"holysheep-logs"}]}"#)
    #expect(setup(answers, template).report.grade == .good)
    answers["GET \(stream)"] = (405, #"{"error":"Incorrect HTTP method"}"#)
    let (untold, asked) = setup(answers, template)
    #expect(untold.grade == .good && !asked.requests.contains("PUT \(stream)"))
  }
}
