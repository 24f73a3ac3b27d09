import LogPipeline
import Testing

/// Goal: each thing that can be wrong at the server is found by its own check, which says what becomes of the data and what
/// to do. Method: a healthy server's answers by hand, and in each test one of them broken.
@Suite struct DoctorServerTests {
  private static let fields: [(name: String, type: FieldType)] = [
    ("@timestamp", .date), ("latency_ms", .double), ("usage.prompt_tokens", .long),
    ("extra", .flattened),
  ]
  private static let template = IndexTemplate(
    indexPattern: "holysheep-logs-*", fields: fields, retention: .seconds(90 * 86_400),
    sampleIndex: index)
  private static let index = "holysheep-logs-2026.11.27"
  private static let name = "sheepshipper-holysheep-logs"
  private static let place = "https://es:9200"
  private static let disks =
    "GET /_nodes/stats/fs?filter_path=nodes.*.name,nodes.*.fs.total.total_in_bytes,"
    + "nodes.*.fs.total.available_in_bytes"
  private static let marks =
    "GET /_cluster/settings?include_defaults=true&flat_settings=true"
  private static let times = "GET /_nodes/stats/fs?filter_path=nodes.*.timestamp"
  private static let privileges = "POST /_security/user/_has_privileges"
  private static let mapping = "GET /\(index)/_mapping"
  private static let settings = "GET /\(index)/_settings?flat_settings=true"
  private static let cluster = "GET /_cluster/settings?flat_settings=true"

  private static let dialect = TemplateDialect(flattened: .flattened, hasLifecycle: true)

  /// All that the checks ask, as a healthy server answers.
  private static var healthy: [String: (Int, String)] {
    [
      "GET /": (200, #"{"version":{"number":"8.19.0"}}"#),
      "GET /_security/_authenticate": (200, #"{"username":"shipper"}"#),
      privileges: (
        200,
        #"{"username":"shipper","has_all_requested":true,"cluster":{},"index":{"holysheep-logs-*":{"create_doc":true,"auto_configure":true}}}"#
      ),
      "GET /_index_template/\(name)": (
        200,
        "{\"index_templates\":[{\"name\":\"x\",\"index_template\":\(template.body(dialect).text)}]}"
      ),
      "POST /_index_template/_simulate_index/\(index)": (
        200, "{\"template\":{\"mappings\":\(template.mappings(.flattened).text)}}"
      ),
      "GET /_ilm/policy/\(name)": (
        200, "{\"\(name)\":\(template.retention?.lifecycleBody.text ?? "")}"
      ),
      mapping: (200, "{\"\(index)\":{\"mappings\":\(template.mappings(.flattened).text)}}"),
      settings: (200, "{\"\(index)\":{\"settings\":{\"index.number_of_shards\":\"1\"}}}"),
      cluster: (200, #"{"persistent":{},"transient":{}}"#),
      disks: (200, disk(free: 500)), marks: (200, watermarks),
      times: (200, #"{"nodes":{"a":{"timestamp":1795780801000}}}"#),
    ]
  }

  private static func disk(free: Int) -> String {
    "{\"nodes\":{\"a\":{\"name\":\"node-1\",\"fs\":{\"total\":{\"total_in_bytes\":\(1000 << 30),"
      + "\"available_in_bytes\":\(free << 30)}}}}}"
  }
  private static let watermarks = #"""
    {"defaults":{"cluster.routing.allocation.disk.threshold_enabled":"true",
    "cluster.routing.allocation.disk.watermark.high":"90%",
    "cluster.routing.allocation.disk.watermark.high.max_headroom":"-1",
    "cluster.routing.allocation.disk.watermark.flood_stage":"95%",
    "cluster.routing.allocation.disk.watermark.flood_stage.max_headroom":"-1"}}
    """#

  /// Makes every check of a server that answers so.
  private func findings(
    _ broken: [String: (Int, String)] = [:], headers: [String: String] = [:],
    credentials: ElasticsearchCredentials = .basic(user: "shipper", password: .value("p"))
  ) -> [String: DoctorFinding] {
    let script = ServerScript(Self.healthy.merging(broken) { $1 }, headers: headers)
    let server = DoctorServer(
      Self.template, index: Self.index, place: Self.place, send: script.send)
    let hosts = DoctorHosts([])
    let clock = StandingClock(milliseconds: 1_795_780_800_000)
    let all =
      CredentialsCheck(server, hosts, credentials).run() + VersionCheck(server).run()
      + PrivilegesCheck(server).run() + TemplateCheck(server, isInstalled: true).run()
      + MappingCheck(server).run() + WriteBlockCheck(server).run() + WatermarkCheck(server).run()
      + ClockCheck(server, clock: clock).run()
    #expect(script.requests.allSatisfy { !$0.hasPrefix("PUT") }, "a doctor changes nothing")
    return Dictionary(all.map { ($0.check, $0) }) { first, second in
      second.status == .failed ? second : first
    }
  }

  /// The one finding that is not ok, which names what the data does and what to do.
  private func only(
    _ broken: [String: (Int, String)], headers: [String: String] = [:],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> DoctorFinding {
    let wrong = findings(broken, headers: headers).values.filter { $0.status != .ok }
    #expect(wrong.count == 1, "\(wrong)", sourceLocation: sourceLocation)
    let finding = try #require(wrong.first, sourceLocation: sourceLocation)
    if finding.status != .skipped {
      #expect(!finding.consequence.isEmpty && !finding.remedy.isEmpty)
    }
    return finding
  }

  private static func refusal(_ type: String, _ reason: String) -> String {
    #"{"error":{"type":"\#(type)","reason":"\#(reason)"}}"#
  }

  @Test func `a healthy server passes every check`() {
    let all = findings()
    #expect(all.values.allSatisfy { $0.status == .ok }, "\(all)")
    #expect(
      Set(all.keys) == [
        "credentials", "version", "privileges", "template", "retention", "mapping", "write block",
        "server disk", "clock",
      ])
    #expect(all["credentials"]?.title == "basic (user shipper) accepted, as shipper")
  }

  @Test func `a wrong password is said, and nothing else is asked`() throws {
    let all = findings([
      "GET /": (401, Self.refusal("security_exception", "unable to authenticate user [shipper]"))
    ])
    let wrong = try #require(all["credentials"])
    #expect(wrong.status == .failed && wrong.title.contains("HTTP 401"))
    #expect(wrong.consequence.contains("kept in the ring"))
    #expect(wrong.commands == ["sheepshipper reload"])
    #expect(all.values.count { $0.status == .skipped } == all.count - 1)
  }

  @Test func `a secret that can not be read`() {
    let other = CredentialsCheck.unusable("/etc/secret: Permission denied")
    #expect(other.status == .failed && other.remedy.contains("run doctor as that one"))
    let systemd = CredentialsCheck.unusable("/run/credentials/x/secret: No such file")
    #expect(systemd.remedy.contains("only while the unit runs"))
  }

  @Test func `no credentials where some are asked for`() throws {
    let all = findings(["GET /": (401, "{}")], credentials: .none)
    #expect(all["credentials"]?.title.contains("no credentials are set") == true)
  }

  @Test func `a page that is no server, a server that is not ready, and no answer`() {
    #expect(findings(["GET /": (200, "<html>")])["credentials"]?.title.contains("not as") == true)
    // A server that does not tell what it is has errors of its own form.
    let silent = (405, #"{"error":"Incorrect HTTP method for uri [/]","status":405}"#)
    #expect(findings(["GET /": silent])["credentials"]?.status == .ok)
    #expect(findings(["GET /": (503, "{}")])["credentials"]?.title.contains("not ready") == true)
    func unanswered(_ kind: TransportFailure.Kind, _ words: String) -> DoctorFinding? {
      let server = DoctorServer(Self.template, index: "i", place: "http://es:9200") { _ in
        .failure(TransportFailure(kind: kind, detail: words, mayBeStored: false))
      }
      return CredentialsCheck(server, DoctorHosts([]), .none).run().first
    }
    #expect(unanswered(.closedWithoutAnswer, "Empty")?.remedy.contains("https://") == true)
    let asked = unanswered(.reset, "tlsv13 alert certificate required, errno 0")
    #expect(asked?.remedy.contains("elasticsearch.tls.cert") == true)
  }

  @Test func `a missing privilege is named, with what it costs`() throws {
    let answer = { (create: Bool) in
      #"{"username":"shipper","has_all_requested":false,"index":{"holysheep-logs-*":{"create_doc":\#(create),"auto_configure":false}}}"#
    }
    let found = try only([Self.privileges: (200, answer(true))])
    #expect(found.check == "privileges" && found.status == .failed)
    #expect(found.title == "shipper lacks auto_configure on holysheep-logs-*.")
    #expect(found.consequence.contains("of a new day"))
    let both = try only([Self.privileges: (200, answer(false))])
    #expect(both.consequence.contains("No event can be stored"))
  }

  @Test func `where no privileges can be asked for, that is said`() {
    let off = findings([Self.privileges: (400, Self.refusal("illegal_argument_exception", "no"))])
    #expect(off["privileges"]?.status == .skipped)
    let openSearch = findings([
      "GET /": (200, #"{"version":{"distribution":"opensearch","number":"2.19.3"}}"#)
    ])
    #expect(openSearch["privileges"]?.title.contains("--round-trip") == true)
  }

  @Test func `an append-only key sees little, and nothing of that is called a fault`() {
    let denied = (403, Self.refusal("security_exception", "action is unauthorized for user"))
    var broken = Self.healthy.mapValues { _ in denied }
    broken["GET /_security/_authenticate"] = Self.healthy["GET /_security/_authenticate"]
    broken[Self.privileges] = Self.healthy[Self.privileges]
    let all = findings(broken, headers: ["x-elastic-product": "Elasticsearch"])
    #expect(all["credentials"]?.status == .ok)
    #expect(all["privileges"]?.status == .ok)
    for check in ["version", "template", "mapping", "write block", "server disk", "clock"] {
      #expect(all[check]?.status == .skipped, "\(check)")
      #expect(all[check]?.title.isEmpty == false)
    }
  }

  @Test func `an old server fails, a new one is a warning`() {
    func judge(_ name: ServerProduct.Name, _ number: String) -> DoctorStatus {
      VersionCheck.judge(ServerProduct(name: name, number: number)).status
    }
    #expect(judge(.elasticsearch, "7.16.3") == .failed)
    #expect(judge(.elasticsearch, "7.17.0") == .ok)
    #expect(judge(.elasticsearch, "9.1.0") == .ok)
    #expect(judge(.elasticsearch, "10.0.0") == .warning)
    #expect(judge(.opensearch, "1.3.0") == .ok)
    #expect(judge(.opensearch, "4.0.0") == .warning)
    #expect(judge(.unknown, "") == .skipped)
  }

  @Test func `a missing, a changed and an overruled template`() throws {
    let path = "GET /_index_template/\(Self.name)"
    let missing = try only([path: (404, Self.refusal("resource_not_found_exception", "x"))])
    #expect(missing.check == "template" && missing.status == .warning)
    #expect(missing.commands == ["sheepshipper setup"])
    let changed = Self.template.body(Self.dialect).text.replacing(#""double""#, with: #""text""#)
    let drift = try only([
      path: (200, "{\"index_templates\":[{\"name\":\"x\",\"index_template\":\(changed)}]}")
    ])
    #expect(drift.title.contains("latency_ms.type is text and not double"), "\(drift.title)")
    #expect(drift.commands == ["sheepshipper setup --replace"])
    let overruled = try only([
      "POST /_index_template/_simulate_index/\(Self.index)": (
        200, #"{"template":{"mappings":{"properties":{"latency_ms":{"type":"keyword"}}}}}"#
      )
    ])
    #expect(overruled.status == .failed && overruled.title.contains("has no effect"))
  }

  @Test func `a missing policy of retention`() throws {
    let found = try only([
      "GET /_ilm/policy/\(Self.name)": (404, Self.refusal("resource_not_found_exception", "x"))
    ])
    #expect(found.check == "retention" && found.status == .warning)
    #expect(found.consequence.contains("90d"))
  }

  @Test func `a wrong type in today's index fails, an unknown field is a warning`() throws {
    let ours = Self.template.mappings(.flattened).text
    let wrong = try only([
      Self.mapping: (
        200,
        "{\"\(Self.index)\":{\"mappings\":\(ours.replacing(#""long""#, with: #""keyword""#))}}"
      )
    ])
    #expect(wrong.check == "mapping" && wrong.status == .failed)
    #expect(wrong.title.contains("usage.prompt_tokens is keyword, not long"), "\(wrong.title)")
    #expect(wrong.consequence.contains("dead letters"))
    let poor = try only([
      Self.mapping: (
        200,
        #"{"i":{"mappings":{"properties":{"@timestamp":{"type":"date"},"latency_ms":{"type":"double"},"extra":{"type":"flattened"}}}}}"#
      )
    ])
    #expect(poor.status == .warning && poor.title.contains("does not know usage"))
    #expect(
      findings([Self.mapping: (404, "{}")])["mapping"]?.title.contains("not there yet") == true)
  }

  @Test(arguments: ["write", "read_only", "read_only_allow_delete"])
  func `a read-only index is found, with the request that mends it`(block: String) throws {
    let found = try only([
      Self.settings: (
        200, "{\"\(Self.index)\":{\"settings\":{\"index.blocks.\(block)\":\"true\"}}}"
      )
    ])
    #expect(found.check == "write block" && found.status == .failed)
    #expect(found.title == "\(Self.index) is read-only (index.blocks.\(block)).")
    #expect(found.commands.first?.contains("'\(Self.place)/\(Self.index)/_settings'") == true)
    #expect(found.commands.first?.contains("{\"index.blocks.\(block)\":null}") == true)
  }

  @Test func `a cluster that is read-only`() throws {
    let found = try only([
      Self.cluster: (200, #"{"persistent":{"cluster.blocks.read_only":"true"},"transient":{}}"#)
    ])
    #expect(found.status == .failed && found.title.contains("whole cluster"))
  }

  @Test func `a disk over the flood stage fails, over the high watermark it warns`() throws {
    let flood = try only([Self.disks: (200, Self.disk(free: 49))])
    #expect(flood.check == "server disk" && flood.status == .failed)
    #expect(flood.title == "node-1 is over the flood stage: 95 % full, 49 GiB free.")
    let high = try only([Self.disks: (200, Self.disk(free: 99))])
    #expect(high.status == .warning)
    #expect(findings([Self.disks: (200, Self.disk(free: 101))])["server disk"]?.status == .ok)
  }

  @Test func `watermarks are read as servers write them`() {
    func status(_ free: Int, _ flood: String, headroom: String = "-1") -> DoctorStatus? {
      findings([
        Self.disks: (200, Self.disk(free: free)),
        Self.marks: (
          200,
          """
          {"defaults":{"cluster.routing.allocation.disk.watermark.flood_stage":"95%",
          "cluster.routing.allocation.disk.watermark.high":"99.9%",
          "cluster.routing.allocation.disk.watermark.flood_stage.max_headroom":"\(headroom)"},
          "persistent":{"cluster.routing.allocation.disk.watermark.flood_stage":"\(flood)"}}
          """
        ),
      ])["server disk"]?.status
    }
    #expect(status(49, "0.95") == .failed)
    #expect(status(51, "0.95") == .ok)
    #expect(status(19, "20gb") == .failed)
    #expect(status(21, "20gb") == .ok)
    // On a large disk the head room counts, where it is less.
    #expect(status(21, "95%", headroom: "20gb") == .ok)
    #expect(status(19, "95%", headroom: "20GB") == .failed)
  }

  @Test func `a clock ten minutes off is told by the Date header, and by a node`() throws {
    let late = try only([:], headers: ["date": "Fri, 27 Nov 2026 12:10:00 GMT"])
    #expect(late.check == "clock" && late.status == .failed)
    #expect(late.title == "this machine's clock is 10 min behind the server's.", "\(late.title)")
    #expect(late.consequence.contains("Signed requests"))
    let early = try only([:], headers: ["date": "Fri, 27 Nov 2026 11:50:00 GMT"])
    #expect(early.title.contains("10 min ahead of"), "\(early.title)")
    let node = try only([Self.times: (200, #"{"nodes":{"a":{"timestamp":1795780740000}}}"#)])
    #expect(node.status == .warning && node.title.contains("1 min ahead of"))
  }

  @Test func `nothing is asked of a server that no host leads to`() {
    let host = DoctorHost(ElasticsearchHost("https://es:9200") ?? Self.local)
    let hosts = DoctorHosts([host])
    hosts.setBroken(host, by: "tcp")
    let script = ServerScript([:])
    let server = DoctorServer(Self.template, index: "i", place: Self.place, send: script.send)
    let found = CredentialsCheck(server, hosts, .none).run() + MappingCheck(server).run()
    #expect(found.map(\.status) == [.skipped, .skipped])
    #expect(found.first?.title == "no host can be reached; see tcp")
    #expect(script.requests.isEmpty)
  }

  private static let local: ElasticsearchHost = {
    guard let host = ElasticsearchHost("http://localhost") else { fatalError("it is one") }
    return host
  }()
}
