import LogPipeline
import Testing

/// Goal: each refusal says where, which setting, what was given, what is allowed and what was probably meant.
@Suite struct ConfigurationErrorTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let yaml: String
    let place: String
    let key: String
    /// All of these stand in the message.
    let says: [String]
    var testDescription: String { yaml }

    init(_ yaml: String, _ place: String, _ key: String, _ says: [String]) {
      self.yaml = yaml
      self.place = place
      self.key = key
      self.says = says
    }
  }

  static let cases: [Case] = [
    Case(
      "inputs:\n  tcp:\n    line_max: 4 bananas\n", ":3:15", "inputs.tcp.line_max",
      ["\"4 bananas\"", "1KiB to 64MiB", "units B, kB"]),
    Case("inputs: {tcp: {line_max: 4mb}}", ":1:26", "inputs.tcp.line_max", ["Did you mean 4MiB?"]),
    Case("inputs: {tcp: {line_max: 1GiB}}", ":1:26", "inputs.tcp.line_max", ["\"1GiB\"", "64MiB"]),
    Case("inputs: {tcp: {line_max: -1}}", ":1:26", "inputs.tcp.line_max", ["\"-1\""]),
    Case("inputs: {tcp: {line_max: 1.5MiB}}", ":1:26", "inputs.tcp.line_max", ["\"1.5MiB\""]),
    Case(
      "ring: {size: 99999999999999999999GiB}", ":1:14", "ring.size", ["16MiB to 1024GiB"]),
    Case("ring: {size: [1GiB]}", ":1:14", "ring.size", ["a list of 1"]),
    Case("ring: {size: }", ":1:14", "ring.size", ["nothing is not allowed"]),
    Case(
      "agent: {grace: 30}", ":1:16", "agent.grace", ["\"30\"", "ms, s, m", "Did you mean 30s?"]),
    Case("agent: {grace: 30sec}", ":1:16", "agent.grace", ["Did you mean 30s?"]),
    Case("agent: {grace: 2 minutes}", ":1:16", "agent.grace", ["Did you mean 2m?"]),
    Case("agent: {id: a/b}", ":1:13", "agent.id", ["\"a/b\""]),
    Case(
      "inputs: {tpc: {listen: off}}", ":1:10", "inputs.tpc",
      ["no such setting", "Did you mean inputs.tcp?", "in inputs: tcp, webhook"]),
    Case(
      "inputs: {tcp: {lisen: off}}", ":1:16", "inputs.tcp.lisen",
      ["\"off\"", "Did you mean inputs.tcp.listen?", "line_max"]),
    Case("line_max: 1MiB", ":1:1", "line_max", ["Did you mean inputs.tcp.line_max?"]),
    Case("elasticsearch: {host: x}", ":1:17", "elasticsearch.host", ["elasticsearch.hosts?"]),
    Case("elastic: {hosts: x}", ":1:1", "elastic", ["agent, intake, admin, log, inputs"]),
    Case("agent: yes", ":1:8", "agent", ["\"yes\" is no group", "id, state_dir, grace"]),
    Case("[1, 2]", ":1:1", "", ["a list of 2 is no group"]),
    Case(
      "inputs: {tcp: {listen: \":5044\"}}", ":1:24", "inputs.tcp.listen",
      ["\":5044\"", "0.0.0.0:PORT for all", "Did you mean 127.0.0.1:5044?"]),
    Case("admin: {listen: 9600}", ":1:17", "admin.listen", ["Did you mean 127.0.0.1:9600?"]),
    Case("admin: {listen: no}", ":1:17", "admin.listen", ["Did you mean off?"]),
    Case("admin: {listen: \"h:99999\"}", ":1:17", "admin.listen", ["\"h:99999\""]),
    Case("admin: {listen: \"[::1]\"}", ":1:17", "admin.listen", ["[ipv6]:port"]),
    Case("elasticsearch: {template: yes}", ":1:27", "elasticsearch.template", ["mean true?"]),
    Case(
      "elasticsearch: {senders: 4}", ":1:26", "elasticsearch.senders", ["\"4\"", "1 to 3"]),
    Case("elasticsearch: {index: Logs}", ":1:24", "elasticsearch.index", ["logs-%Y.%m.%d?"]),
    Case("elasticsearch: {index: logs-%Y.%m}", ":1:24", "elasticsearch.index", ["%Y, %m and %d"]),
    Case(
      "elasticsearch: {index: _l%Y%m%d}", ":1:24", "elasticsearch.index", ["the first a letter"]),
    Case(
      "elasticsearch: {hosts: \"es:9200\"}", ":1:24", "elasticsearch.hosts", ["https://es:9200?"]),
    Case("elasticsearch: {hosts: [\"ftp://x\"]}", ":1:25", "elasticsearch.hosts", ["\"ftp://x\""]),
    Case("pricing: {book: direkt}", ":1:17", "pricing.book", ["auto, direct", "mean direct?"]),
    Case("ring: {when_full: explode}", ":1:19", "ring.when_full", ["\"explode\" is not allowed"]),
    Case("budgets: [{limit_usd: 5}]", ":1:1", "budgets", ["not available in this version"]),
    Case(
      "elasticsearch: {retention: 90}", ":1:28", "elasticsearch.retention", ["\"90\"", "units"]),
    Case("elasticsearch: {retention: 1m}", ":1:28", "elasticsearch.retention", ["1h to 3650d"]),
    Case(
      "elasticsearch: {index: calls}", ":1:24", "elasticsearch.index",
      ["no date in it", "data_stream: true", "calls-%Y.%m.%d?"]),
    Case(
      "elasticsearch: {index: \"%Y.%m.%d\"}", ":1:24", "elasticsearch.index", ["behind a name"]),
    Case(
      "inputs: {otlp: {keys: []}}", ":1:10", "inputs.otlp", ["not available"]),
    Case(
      "inputs: {webhook: {hmac: {keys: []}}}", ":1:26", "inputs.webhook.hmac", ["not known"]),
    Case("inputs: {webhook: {paths: []}}", ":1:27", "inputs.webhook.paths", ["too few"]),
    Case("inputs: {webhook: {paths: [x]}}", ":1:28", "inputs.webhook.paths", ["Did you mean /x?"]),
    Case(
      "inputs: {webhook: {bearer: [{fil: /x}]}}", ":1:29", "inputs.webhook.bearer",
      ["{file: PATH}", "Did you mean file?"]),
    Case("privacy: {key: \"\"}", ":1:16", "privacy.key", ["is empty"]),
    Case("privacy: {key: \"***\"}", ":1:16", "privacy.key", ["in place of a secret"]),
    Case("sources: {book: direct}", ":1:10", "sources", ["a group of settings (book)", "a list"]),
    Case(
      "sources: [{match: {input: websocket}}]", ":1:27", "sources[0].match.input",
      ["tcp, webhook, stdin, file"]),
    Case(
      "sources: [{match: {input: tcp}, bok: direct}]", ":1:33", "sources[0].bok",
      ["Did you mean sources[0].book?"]),
    Case("sources: [{book: direct}]", ":1:11", "sources[0]", ["match.input, path and name"]),
    Case(
      "sources: [{match: {input: tcp, path: /x}}]", ":1:11", "sources[0]", ["only the webhook"]),
    Case("id: {seed: 18446744073709551616}", ":1:12", "id.seed", ["18446744073709551615"]),
  ]

  @Test(arguments: cases) func `a wrong setting is explained`(_ wrong: Case) throws {
    try withConfigurationTrial { trial in
      let problems = try trial.problems(wrong.yaml)
      #expect(problems.count == 1, "\(problems)")
      let problem = try #require(problems.first)
      #expect(problem.place == trial.path + wrong.place)
      #expect(problem.key == wrong.key)
      for text in wrong.says {
        #expect(problem.description.contains(text), "\(text) is not in: \(problem)")
      }
    }
  }

  static let crossCases: [([String], String, String)] = [
    (
      ["ring.size=16MiB", "inputs.tcp.line_max=9MiB"], "ring.size",
      "twice inputs.tcp.line_max (9MiB)"
    ),
    (["inputs.budget=4MiB"], "inputs.budget", "at least 5MiB"),
    (["intake.threads=5"], "inputs.budget", "at least 25MiB"),
    (
      ["intake.threads=2", "inputs.webhook.hmac=[{file: /k}]"], "inputs.budget", "at least 42MiB"
    ),
    (
      ["intake.threads=4", "inputs.webhook.connections_max=3"], "inputs.webhook.connections_max",
      "at least intake.threads (4)"
    ),
    (
      ["intake.threads=3", "inputs.tls.handshakes_max=2"], "inputs.tls.handshakes_max",
      "at least intake.threads (3)"
    ),
    (["inputs.tcp.line_max=64KiB"], "inputs.event_max", "at most inputs.tcp.line_max (64KiB)"),
    (["inputs.webhook.body_max=512MiB"], "inputs.webhook.body_max", "inflated_max (256MiB)"),
    (
      ["inputs.tcp.connections_max=8", "inputs.tcp.connections_per_address=9"],
      "inputs.tcp.connections_per_address", "(8)"
    ),
    (
      ["inputs.webhook.connections_max=8", "inputs.webhook.connections_per_address=9"],
      "inputs.webhook.connections_per_address", "(8)"
    ),
    (["admin.listen=127.0.0.1:5044"], "admin.listen", "taken by inputs.tcp.listen"),
    (
      ["elasticsearch.api_key={file: /a}", "elasticsearch.bearer={file: /b}"],
      "elasticsearch.bearer", "one of api_key, bearer"
    ),
    (["elasticsearch.user={env: U}"], "elasticsearch.user", "no password"),
    (["elasticsearch.password={env: P}"], "elasticsearch.password", "no user"),
    (
      ["elasticsearch.hosts=http://es:9200", "elasticsearch.tls.ca=/ca.pem"],
      "elasticsearch.tls.ca", "no host is https"
    ),
    (
      [
        "elasticsearch.hosts=https://es:9200", "elasticsearch.tls.ca=/ca.pem",
        "elasticsearch.tls.fingerprint=\(String(repeating: "0a", count: 32))",
      ],
      "elasticsearch.tls.fingerprint", "beside elasticsearch.tls.ca"
    ),
    (
      ["elasticsearch.hosts=https://es:9200", "elasticsearch.tls.key=/client.key"],
      "elasticsearch.tls.key", "given alone"
    ),
    (["privacy.user=hmac"], "privacy.user", "needs privacy.key"),
  ]

  @Test(arguments: crossCases)
  func `settings that do not fit together are refused`(
    settings: [String], key: String, says: String
  ) throws {
    try withConfigurationTrial { trial in
      let problems = try trial.problems(settings: settings)
      #expect(problems.map(\.key) == [key])
      let text = problems.map(\.description).joined()
      #expect(text.contains(says), "\(text)")
      let isGiven = settings.contains { $0.hasPrefix(key + "=") }
      #expect(problems.first?.place == (isGiven ? "--set \(key)" : "default"))
    }
  }

  @Test func `all that is wrong is told at once, each with its own place`() throws {
    try withConfigurationTrial { trial in
      let problems = try trial.problems(
        "ring: {size: tiny}\nnonsense: 1\n",
        environment: ["SHEEPSHIPPER_AGENT_GRACE": "soon", "SHEEPSHIPPER_RING_SISE": "1GiB"],
        settings: ["log.level=loud", "no-equals", "=x"],
        flags: [.init(flag: "--drain-timeout", path: "pipe.drain_timeout", value: "later")])
      #expect(
        problems.map(\.place) == [
          "\(trial.path):1:14", "\(trial.path):2:1",
          "environment variable SHEEPSHIPPER_AGENT_GRACE",
          "environment variable SHEEPSHIPPER_RING_SISE", "--set log.level", "--set", "--set",
          "--drain-timeout",
        ])
      #expect(problems[3].suggestion == "SHEEPSHIPPER_RING_SIZE")
    }
  }

  @Test func `a file of nonsense is answered shortly and soon`() throws {
    try withConfigurationTrial { trial in
      let start = SystemClock().now()
      for text in [
        (0..<90_000).map { "a\($0): x\n" }.joined(),
        "elasticsearch: {hosts: [" + String(repeating: "a,", count: 100_000) + "]}",
        "sources: [" + String(repeating: "{x: 1},", count: 50_000) + "]",
      ] {
        let problems = try trial.problems(text)
        #expect(problems.count == 21)
        #expect(problems.last?.reason.contains("first 20 errors") == true)
      }
      #expect(SystemClock().now().since(start) < .seconds(10))
    }
  }

  @Test func `a file that can not be read, is no YAML or too large is named`() throws {
    try withConfigurationTrial { trial in
      #expect(throws: ConfigurationError.self) {
        try ConfigurationLoader.load(file: "\(trial.folder)/none.yaml")
      }
      let broken = try trial.problems("ring: {size: 1GiB\nagent: x\n")
      #expect(broken.first?.place.hasPrefix("\(trial.path):2:") == true, "\(broken)")
      let large = try trial.problems("#" + String(repeating: "x", count: 1 << 20))
      #expect(large.first?.reason.contains("1048576") == true, "\(large)")
    }
  }

  @Test func `what is allowed but unwise is a warning`() throws {
    try withConfigurationTrial { trial in
      let loaded = try trial.load(settings: [
        "inputs.tcp.listen=0.0.0.0:5044", "inputs.webhook.listen=0.0.0.0:8088",
        "admin.listen=[::]:9600", "elasticsearch.hosts=http://es:9200",
        "elasticsearch.api_key=abc",
      ])
      for text in [
        "TCP asks for no token", "bearer is empty", "read the metrics", "in the clear",
        "list of processes",
      ] {
        #expect(loaded.warnings.contains { $0.contains(text) }, "\(text): \(loaded.warnings)")
      }
      #expect(!loaded.warnings.joined().contains("abc"))
      #expect(try trial.load("").warnings.isEmpty)
      let local = try trial.load(settings: [
        "elasticsearch.hosts=http://127.0.0.1:9200", "elasticsearch.api_key={env: KEY}",
      ])
      #expect(local.warnings.isEmpty, "\(local.warnings)")
      let stream = try trial.load(settings: [
        "elasticsearch.hosts=http://127.0.0.1:9200", "elasticsearch.data_stream=true",
      ])
      for text in ["go to holysheep-logs.", "can be stored twice", "nothing of ours rolls"] {
        #expect(stream.warnings.contains { $0.contains(text) }, "\(text): \(stream.warnings)")
      }
      let rule = ["sources=[{match: {input: webhook, path: /v1/other}, book: direct}]"]
      let closed = try trial.load(settings: rule).warnings
      #expect(closed.contains { $0.contains("nothing is taken at /v1/other") }, "\(closed)")
      let open = try trial.load(settings: rule + ["inputs.webhook.paths=[/v1/events, /v1/other]"])
      #expect(open.warnings.isEmpty, "\(open.warnings)")
    }
  }

  @Test(arguments: [
    ("ai-%Y.%m.%d", false, "ai-%Y.%m.%d", "ai-*", "ai-%Y.%m.%d"),
    ("ai-%Y.%m.%d", true, "ai", "ai", "ai-%Y.%m.%d"),
    ("ai.%Y-%m-%d", true, "ai", "ai", "ai.%Y-%m-%d"),
    ("ai-", true, "ai-", "ai-", "ai--%Y.%m.%d"),
  ])
  func `where events go follows from the index and data_stream; the archive stays by day`(
    index: String, isStream: Bool, destination: String, pattern: String, archive: String
  ) throws {
    try withConfigurationTrial { trial in
      let loaded = try trial.load(settings: [
        "elasticsearch.index=\(index)", "elasticsearch.data_stream=\(isStream)",
      ])
      let settings = loaded.configuration.elasticsearch
      #expect(settings.destination == destination && settings.indexPattern == pattern)
      #expect(settings.archiveName == archive)
    }
  }
}
