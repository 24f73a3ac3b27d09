import LogPipeline
import Testing

/// Goal: a report reads in 80 columns, with and without colours, and says the same to programs.
@Suite struct DoctorReportTests {
  private let good = DoctorFinding.ok("dns", "es is 10.0.0.5")
  private let bad = DoctorFinding.failed(
    "credentials", "https://es:9200 refuses the basic (user shipper) (HTTP 401).",
    "unable to authenticate user [shipper] for REST request [/].",
    meanwhile: "Nothing is delivered. Events are kept in the ring.",
    remedy: "Correct the secret in its file. A running agent reads it again by itself.",
    type: ["sheepshipper reload"])

  @Test func `one line when all is well, and all that one needs when it is not`() {
    let text = DoctorText(style: .plain)
    #expect(text.text(good) == "ok       dns          es is 10.0.0.5\n")
    #expect(
      text.text(bad) == """
        FAILED   credentials  https://es:9200 refuses the basic (user shipper) (HTTP
                              401).
                              unable to authenticate user [shipper] for REST request
                              [/].
                 meanwhile    Nothing is delivered. Events are kept in the ring.
                 do           Correct the secret in its file. A running agent reads it
                              again by itself.
                              $ sheepshipper reload

        """)
    #expect(
      text.text(.skipped("clock", "no answer")) == "skipped  clock        no answer\n")
  }

  @Test func `a long command stays in one piece`() {
    let command = "curl -u USER -X PUT 'https://es:9200/holysheep-logs-2026.11.27/_settings'"
    let finding = DoctorFinding.failed(
      "write block", "read-only.", meanwhile: "m", remedy: "r", type: [command])
    #expect(DoctorText(style: .plain).text(finding).hasSuffix("\n    $ \(command)\n"))
  }

  @Test func `colours add nothing but colour`() {
    let coloured = DoctorText(style: TextStyle(usesColor: true)).text(bad)
    #expect(coloured.contains("\u{1B}[1;31mFAILED\u{1B}[0m"))
    let plain = coloured.replacing(/\u{1B}\[[0-9;]*m/, with: "")
    #expect(plain == DoctorText(style: .plain).text(bad))
  }

  @Test func `the sum of it, for people and programs`() throws {
    var report = DoctorReport()
    report.add(good)
    #expect(
      report.summary
        == "1 check: 1 ok, 0 warnings, 0 failed, 0 skipped. Nothing is wrong with what could be "
        + "looked at.")
    #expect(report.isWell)
    report.add(.warning("tls", "t", meanwhile: "m", remedy: "r"))
    #expect(report.isWell && report.summary.hasSuffix("It works; see the warnings."))
    report.add(bad)
    #expect(!report.isWell && report.summary.contains("1 failed"))
    let json = report.json
    #expect(json["well"]?.bool == false && json["failed"]?.integer == 1)
    #expect(json["findings"]?[2]?["status"]?.string == "failed")
    #expect(json["findings"]?[2]?["commands"] == .array([.string("sheepshipper reload")]))
  }

  @Test func `a configuration that is wrong, and one that is not all usable`() throws {
    let source = ConfigurationSource(
      file: nil, settings: ["ring.sise=1GiB", "agent.grace=x"])
    let run = DoctorRun(source, triesRoundTrip: false)
    let report = run.run()
    #expect(run.isConfigurationWrong && report.count(.failed) == 2)
    #expect(report.findings.allSatisfy { $0.check == "configuration" })
    #expect(report.findings[0].detail.contains("Did you mean ring.size?"))
    let loaded = try ConfigurationSource(file: nil).load()
    let found = ConfigurationCheck.judge(loaded, unusable: ["privacy.key: it is not there."])
    #expect(found.map(\.status) == [.warning])
    #expect(ConfigurationCheck.judge(loaded, unusable: []).map(\.status) == [.ok])
  }

  @Test func `a sample event is priced, and without a price or refused that is said`() throws {
    let folder = "/nowhere-sheepshipper"
    let configuration = try ConfigurationSource(
      file: nil, settings: ["agent.state_dir=\(folder)"]
    ).load().configuration
    func explain(_ event: [UInt8]) throws -> EventExplanation? {
      var found: EventExplanation?
      _ = try ExplainRun(configuration).run(event, as: .lines(.tcp)) { found = $0 }
      return found
    }
    let good = SampleCheck(clock: SystemClock(), explain: explain).run()
    #expect(good.map(\.status) == [.ok], "\(good)")
    #expect(good.first?.title.contains("priced 0.0035") == true, "\(good)")
    let unknown = try explain(Array(#"{"model":"nobody-knows","usage":{"total_tokens":1}}"#.utf8))
    #expect(SampleCheck.judge(unknown).status == .warning)
    let refused = SampleCheck.judge(try explain(Array("no event".utf8)))
    #expect(refused.status == .failed && refused.title.contains("is refused"))
  }
}
