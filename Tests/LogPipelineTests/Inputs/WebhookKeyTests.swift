import LogPipeline
import Testing

/// Goal: a key says whose events these are, can be replaced while the agent runs, and ends when it is to.
@Suite struct WebhookKeyTests {
  @Test func `the key's team and source win over what the request says`() throws {
    var named = webhookKey("named")
    (named.team, named.source) = ("engineering", "litellm")
    var signing = WebhookKey(name: "signing", secret: [UInt8](repeating: 7, count: 24))
    (signing.team, signing.source) = ("finance", "stripe")
    let harness = try IntakeHarness {
      $0.webhook?.bearer = [named, webhookKey("plain")]
      $0.webhook?.hmac = [signing]
    }
    let client = try harness.http()
    let said = ["X-Source: mine", "X-Team-ID: support"]
    #expect(
      client.post("/v1/events", Array("{}".utf8), headers: said + ["Authorization: Bearer named"])?
        .status == 200)
    #expect(harness.newestSource?.teamId == "engineering")
    #expect(harness.newestSource?.name == "litellm")
    #expect(harness.newestSource?.teamIdClaimed == "support")
    var request = SignedRequest("{\"n\":1}")
    request.headers = said
    client.send(request.bytes)
    #expect(client.readAnswer()?.status == 200)
    #expect(harness.newestSource?.teamId == "finance")
    #expect(harness.newestSource?.name == "stripe")
    #expect(
      client.post("/v1/events", Array("{}".utf8), headers: said + ["Authorization: Bearer plain"])?
        .status == 200)
    #expect(harness.newestSource?.teamId == nil)
    #expect(harness.newestSource?.name == "mine")
  }

  @Test
  func `a file that changes, or a reload, brings the new key; one that is gone keeps the old`()
    throws
  {
    let folder = try FileSystem.makeTemporaryDirectory(prefix: "keys-")
    let path = "\(folder)/hook"
    defer {
      try? FileSystem.remove(path)
      try? FileSystem.removeDirectory(folder)
    }
    try FileSystem.replace(path, with: Array("first\n".utf8))
    try withConfigurationTrial { trial in
      let configuration = try trial.load(
        "inputs: {webhook: {bearer: [{file: \(path), team: engineering, source: litellm}]}}"
      ).configuration
      let settings = try AgentSettings(configuration: configuration).bearerKeys()
      #expect(settings.map(\.team) == ["engineering"] && settings.map(\.source) == ["litellm"])
      let harness = try IntakeHarness { $0.webhook?.bearer = settings }
      let client = try harness.http()
      func status(_ token: String) -> Int? {
        client.post("/v1/events", "{}", headers: ["Authorization: Bearer \(token)"])?.status
      }
      #expect(status("first") == 200)
      try FileSystem.replace(path, with: Array("second\n".utf8))
      harness.intake.reload()
      #expect(status("second") == 200)
      #expect(status("first") == 401)
      try FileSystem.replace(path, with: Array("third\n".utf8))
      #expect(eventually { status("third") == 200 })
      try FileSystem.remove(path)
      harness.intake.reload()
      #expect(status("third") == 200)
      try FileSystem.replace(path, with: [])
      harness.intake.reload()
      #expect(status("third") == 200)
    }
  }

  @Test func `a key that is missing, or no signing secret, fails the start and says which`() throws
  {
    for (yaml, text) in [
      ("bearer: [a, {file: /no/such/file}]", "inputs.webhook.bearer[1]"),
      ("hmac: [{value: plain}]", "whsec_"),
    ] {
      try withConfigurationTrial { trial in
        let configuration = try trial.load("inputs: {webhook: {\(yaml)}}").configuration
        let settings = AgentSettings(configuration: configuration)
        do {
          _ = (try settings.bearerKeys(), try settings.signingKeys())
          Issue.record("\(yaml) was taken")
        } catch let error as AgentError {
          #expect(error.isConfiguration && error.description.contains(text), "\(error)")
          #expect(!error.description.contains("plain"))
        }
      }
    }
  }

  @Test func `a key's day of end is a day of the calendar`() throws {
    try withConfigurationTrial { trial in
      let loaded = try trial.load(
        "inputs: {webhook: {hmac: [{file: /k, until: 2027-01-01, team: a, source: b c}, {env: K}]}}"
      )
      let keys = loaded.configuration.inputs.webhook.hmac
      #expect(keys.map(\.endDay) == [20_819, nil])
      #expect(keys.map(\.team) == ["a", nil] && keys.map(\.source) == ["b c", nil])
      for (yaml, reason) in [
        ("{file: /k, until: 2027-02-29}", "is no until"),
        ("{file: /k, until: tomorrow}", "is no until"),
        ("{file: /k, team: \"a@b.com\"}", "is no team"), ("{file: /k, team: }", "is no team"),
        ("{file: /k, env: K}", "needs one of"), ("{team: a}", "needs one of"),
        ("{file: /k, tem: a}", "Did you mean team?"), ("{file: /k, source: [a]}", "is no source"),
      ] {
        let problems = try trial.problems("inputs: {webhook: {bearer: [\(yaml)]}}")
        #expect(problems.count == 1, "\(yaml)")
        let text = problems.map { "\($0.reason) \($0.suggestion ?? "")\($0)" }.joined()
        #expect(text.contains(reason), "\(yaml): \(text)")
      }
    }
  }

  @Test func `validate warns of a key that has ended and of what is no signing secret`() throws {
    try withConfigurationTrial { trial in
      let configuration = try trial.load(
        """
        inputs:
          webhook:
            bearer: [{value: marked, until: 2020-01-01}, {value: marked2, until: 2999-01-01}]
            hmac: [marked]
        """
      ).configuration
      let sentences = ConfigurationInspection.unreadableFiles(of: configuration)
      #expect(sentences.count == 2, "\(sentences)")
      #expect(
        sentences.contains { $0.contains("bearer[0]") && $0.contains("has ended on 2020-01-01") })
      #expect(
        sentences.contains { $0.contains("inputs.webhook.hmac") && $0.contains("whsec_") })
      #expect(!sentences.joined().contains("marked"))
    }
  }

  @Test func `an unprotected port is warned of only without any key`() throws {
    try withConfigurationTrial { trial in
      for (settings, isWarned) in [
        ([], true), (["inputs.webhook.bearer=[a]"], false), (["inputs.webhook.hmac=[a]"], false),
      ] {
        let warnings = try trial.load(settings: ["inputs.webhook.listen=0.0.0.0:8088"] + settings)
          .warnings
        #expect(warnings.contains { $0.contains("bearer is empty") } == isWarned, "\(warnings)")
      }
      let tight = try trial.problems(
        settings: ["inputs.webhook.hmac=[{file: /k}]", "inputs.budget=20MiB"])
      #expect(tight.first?.key == "inputs.budget", "\(tight)")
      #expect(try trial.problems(settings: ["inputs.budget=20MiB"]).isEmpty)
      let many = (0..<33).map { "k\($0)" }.joined(separator: ", ")
      #expect(
        try trial.problems(settings: ["inputs.webhook.bearer=[\(many)]"]).first?.reason
          .contains("33") == true)
    }
  }
}
