import LogPipeline
import Testing

@Suite struct ConfigurationReportTests {
  /// Every setting with another value than its default, so that a forgotten row or place shows.
  static let everything = """
    agent: {id: relay-1, state_dir: "/srv/with space: and #", grace: 10s}
    intake: {threads: 2}
    admin: {listen: "[::1]:9601"}
    log: {level: warning}
    inputs:
      budget: 30MiB
      json_depth: 16
      json_keys: 100
      event_max: 128KiB
      refused_max: 1GB
      tls:
        cert: /tls/crt
        key: /tls/key
        client_ca: /tls/ca
        version_min: 1.3
        handshake_time: 5s
        handshakes_max: 9
      tcp:
        listen: off
        tls: on
        line_max: 2MiB
        connections_max: 10
        connections_per_address: 5
        idle: 90s
      follow:
        paths: [/var/log/relay/*.log*]
        exclude: ["*.tmp"]
        start: end
        poll: 2s
        rotate_wait: 20s
        files_max: 100
      webhook:
        tls: mutual
        listen: localhost:8089
        paths: [/v1/events, /log, "/a:b", /with/a/long/path/one, /with/a/long/path/two]
        bearer: [{file: /run/secrets/hook}, {env: HOOK}]
        hmac: [{file: /h, team: a, source: "b c", until: 2027-01-01}, {env: H, team: b}]
        signed_age_max: 1m
        signed_body_max: 512KiB
        ids_max: 100
        ids_kept: 1h
        body_max: 1MB
        inflated_max: 2MB
        ratio_max: 100
        header_max: 32KiB
        headers_max: 100
        connections_max: 20
        connections_per_address: 10
        header_time: 5s
        body_rate_min: 0
        idle: 30s
        room_wait: 1s
        durable_wait: 5s
        discard_max: 1MiB
        traces_path: /traces
        traces_body_max: 1MiB
        stream_path: /stream
        stream_ping: 45s
        stream_message_max: 1MiB
    sources:
      - {match: {input: webhook, path: /log, name: "a b"}, book: direct, basis: total}
      - {match: {input: file}, trust_team_header: true, content: keep}
    pricing: {book: holysheep, basis: output, file: /p.json}
    privacy: {content: drop, ip: keep, user: hmac, key: {file: /run/secrets/hmac}}
    time: {past_max: 3000d, future_max: 0}
    id: {seed: 18446744073709551615}
    ring: {size: 64MiB, when_full: drop_oldest, group_delay: 1ms, commit_interval: 10ms, compression: zlib, allow_volatile: true}
    archive: {dir: /archive, beside_elasticsearch: true}
    pipe: {name: p-1, on_full: drop_newest, drain_timeout: 1h}
    elasticsearch:
      hosts: ["https://es:9200", "https://[::1]:9200/path"]
      index: "logs-%Y.%m.%d"
      user: {env: ES_USER}
      password: {file: /run/secrets/es}
      tls: {ca: /ca.pem, cert: /client.pem, key: /client.key}
      proxy: http://proxy:3128
      dead_share_max: 5
      body_size: 1MiB
      senders: 3
      flush: 250ms
      request_timeout: 30s
      template: false
      data_stream: true
      retention: 90d
      dead_letters_max: 10MiB
      delivered_kept: 3d
    """

  @Test func `what is printed reads back as the same configuration, twice the same text`() throws {
    try withConfigurationTrial { trial in
      for yaml in ["", Self.everything] {
        let loaded = try trial.load(yaml)
        let printed = ConfigurationReport.yaml(loaded)
        let again = try trial.load(printed)
        #expect(again.configuration == loaded.configuration, "\(printed)")
        let withoutPlaces = { (text: String) in
          text.split(separator: "\n").map { line in
            line.firstRange(of: "  # ").map { String(line[..<$0.lowerBound]) } ?? String(line)
          }
        }
        #expect(withoutPlaces(ConfigurationReport.yaml(again)) == withoutPlaces(printed))
      }
    }
  }

  @Test func `the JSON form is YAML for the same configuration`() throws {
    try withConfigurationTrial { trial in
      let loaded = try trial.load(Self.everything)
      let json = try #require(ConfigurationReport.json(loaded)["configuration"])
      #expect(try JsonValue.parse(json.text) == json)
      #expect(try trial.load(json.text).configuration == loaded.configuration)
    }
  }

  @Test func `the trial of everything leaves no setting at its default`() throws {
    try withConfigurationTrial { trial in
      let loaded = try trial.load(Self.everything)
      // No choice there; or not beside user and password, or the authority's file.
      let single: Set = [
        "privacy.content", "elasticsearch.api_key", "elasticsearch.bearer",
        "elasticsearch.tls.fingerprint",
      ]
      for key in ConfigurationKeys.all.keys where !single.contains(key.path) {
        #expect(
          key.shown(loaded.configuration) != key.shown(Configuration()),
          "\(key.path) has its default")
        #expect(loaded.places[key.path] != nil, "\(key.path) has no place")
      }
    }
  }

  @Test func `each setting that was given says where`() throws {
    try withConfigurationTrial { trial in
      let loaded = try trial.load(
        "ring: {size: 2GiB}\n", environment: ["SHEEPSHIPPER_LOG_LEVEL": "debug"],
        settings: ["agent.id=x"])
      let lines = ConfigurationReport.yaml(loaded).split(separator: "\n")
      #expect(lines.contains("  size: 2GiB  # \(trial.path):1:14"))
      #expect(lines.contains("  level: debug  # environment variable SHEEPSHIPPER_LOG_LEVEL"))
      #expect(lines.contains("  id: x  # --set agent.id"))
      #expect(lines.filter { $0.contains("  # ") }.count == 3)
    }
  }

  /// Goal: no secret in anything printed. Method: put one marked text wherever an operator might, rightly or wrongly,
  /// and search all output.
  @Test func `secrets are in no report, error or warning`() throws {
    let marked = "s3cr3t-mark"
    let files = [
      "elasticsearch: {api_key: \(marked)}", "elasticsearch: {bearer: {value: \(marked)}}",
      "elasticsearch: {user: \(marked), password: \(marked)}", "privacy: {key: \(marked)}",
      "inputs: {webhook: {bearer: [\(marked), {value: \(marked)}]}}",
      "inputs: {webhook: {bearer: {value: \(marked), team: a}}}",
      "inputs: {webhook: {hmac: [{value: \(marked), until: 2027-01-01}, \(marked)]}}",
      "inputs: {webhook: {hmac: {until: \(marked), value: \(marked)}}}",
      "inputs: {webhook: {bearer: \(marked)}}", "elasticsearch: {apikey: \(marked)}",
      "elasticsearch: {api_key: [\(marked)]}", "elasticsearch: {api_key: {valeu: \(marked)}}",
      "elasticsearch: {api_key: {value: [\(marked)]}}", "elasticsearch: {passwort: \(marked)}",
      "elasticsearch: {token: \(marked)}", "elasticsearch: \(marked)", "api_key: \(marked)",
      "elasticsearch: {hosts: \"https://u:\(marked)@es:9200\"}", "privacy: \(marked)",
      "elasticsearch: {password: \(marked)}", "inputs: {webhook: {bearer: {tokn: \(marked)}}}",
      "elasticsearch: {hosts: [\"https://\(marked)@es\"]}", "inputs: {webhook: \(marked)}",
      "elasticsearch: {api_key: \"\(marked)",
      "elasticsearch: {api_key: {value: \(marked)}, bearer: {value: \(marked)}}",
    ]
    try withConfigurationTrial { trial in
      var printed: [String] = []
      func collect(_ load: () throws -> LoadedConfiguration) throws {
        do {
          let loaded = try load()
          printed += [ConfigurationReport.yaml(loaded), ConfigurationReport.json(loaded).text]
          printed +=
            loaded.warnings + ConfigurationInspection.unreadableFiles(of: loaded.configuration)
          printed += ["\(loaded)", String(reflecting: loaded)]
          var dumped = ""
          dump(loaded, to: &dumped)
          printed.append(dumped)
        } catch let error as ConfigurationError {
          printed += ["\(error)", ConfigurationReport.json(error).text]
        }
      }
      for file in files { try collect { try trial.load(file) } }
      for setting in [
        "elasticsearch.api_key=\(marked)", "elasticsearch.api_kye=\(marked)", marked,
        "elasticsearch.password={value: \(marked)", "inputs.webhook.bearer=[\(marked)",
        "elasticsearch.hosts=https://x:\(marked)@y", "elasticsearch.api_key={\(marked): 1}",
      ] {
        try collect { try trial.load(settings: [setting]) }
      }
      try collect { try trial.load(environment: ["SHEEPSHIPPER_ELASTICSEARCH_APIKEY": marked]) }
      for text in printed { #expect(!text.contains(marked), "\(text)") }
      #expect(printed.count > 60)
    }
  }
}
