import LogPipeline
import Testing

@Suite struct ConfigurationLoaderTests {
  @Test func `flags win over --set, --set over the environment, that over the file`() throws {
    try withConfigurationTrial { trial in
      let file = "pipe: {name: a}\nring: {size: 2GiB}\nlog: {level: error}\nagent: {id: fil}\n"
      let environment = [
        "SHEEPSHIPPER_PIPE_NAME": "b", "SHEEPSHIPPER_RING_SIZE": "3GiB",
        "SHEEPSHIPPER_LOG_LEVEL": "debug",
      ]
      let settings = ["pipe.name=c", "ring.size=4GiB", "ring.size=5GiB"]
      let loaded = try trial.load(
        file, environment: environment, settings: settings,
        flags: [.init(flag: "--name", path: "pipe.name", value: "d")])
      #expect(loaded.configuration.pipe.name == "d")
      #expect(loaded.configuration.ring.sizeBytes == 5 << 30)
      #expect(loaded.configuration.log.level == .debug)
      #expect(loaded.configuration.agent.id == "fil")
      #expect(loaded.configuration.agent.grace == .seconds(30))
      #expect(
        loaded.places == [
          "pipe.name": "--name", "ring.size": "--set ring.size",
          "log.level": "environment variable SHEEPSHIPPER_LOG_LEVEL",
          "agent.id": "\(trial.path):4:13",
        ])
    }
  }

  @Test func `nothing given means the defaults`() throws {
    try withConfigurationTrial { trial in
      #expect(try trial.load("").configuration == Configuration())
      #expect(try trial.load("inputs:\n  tcp:\n").configuration == Configuration())
      let empty = try trial.load(environment: ["SHEEPSHIPPER_ELASTICSEARCH_HOSTS": ""])
      #expect(empty.configuration == Configuration())
    }
  }

  @Test func `lists come as YAML flow, one element alone needs no brackets`() throws {
    try withConfigurationTrial { trial in
      let several = try trial.load(
        environment: [
          "SHEEPSHIPPER_ELASTICSEARCH_HOSTS": "[\"https://a:9200/\", 'http://127.0.0.1:9200/x']",
          "SHEEPSHIPPER_INPUTS_WEBHOOK_BEARER": "[{file: /f}, {env: E}, plain]",
        ], settings: ["inputs.webhook.paths=/log"])
      #expect(
        several.configuration.elasticsearch.hosts.map(\.url) == [
          "https://a:9200", "http://127.0.0.1:9200/x",
        ])
      #expect(
        several.configuration.inputs.webhook.bearer.map(\.secret.source) == [
          .file("/f"), .environment("E"), .value("plain"),
        ])
      #expect(several.configuration.inputs.webhook.paths == ["/log"])
      let group = try trial.load(settings: ["inputs.tcp={listen: off, line_max: 1MiB}"])
      #expect(group.configuration.inputs.tcp.listen == nil)
      #expect(group.configuration.inputs.tcp.lineBytesMax == 1 << 20)
    }
  }

  @Test func `a password in the environment keeps its special characters`() throws {
    try withConfigurationTrial { trial in
      for password in ["a #b: c", "no", "x]", "&anchor", "*star", "%", "a, b", "it's \"q\""] {
        let loaded = try trial.load(environment: [
          "SHEEPSHIPPER_ELASTICSEARCH_USER": "elastic",
          "SHEEPSHIPPER_ELASTICSEARCH_PASSWORD": password,
        ])
        #expect(loaded.configuration.elasticsearch.password?.source == .value(password))
      }
    }
  }

  @Test func `an address with brackets needs no quotes in --set`() throws {
    try withConfigurationTrial { trial in
      let loaded = try trial.load(settings: ["inputs.tcp.listen=[::1]:5044"])
      #expect(loaded.configuration.inputs.tcp.listen == ListenAddress(host: "::1", port: 5044))
    }
  }

  @Test func `variables that are not ours are left alone`() throws {
    try withConfigurationTrial { trial in
      let kubernetes = [
        "SHEEPSHIPPER_SERVICE_HOST": "10.0.0.1", "SHEEPSHIPPER_SERVICE_PORT": "5044",
        "SHEEPSHIPPER_SERVICE_PORT_TCP": "5044", "SHEEPSHIPPER_PORT": "tcp://10.0.0.1:5044",
        "SHEEPSHIPPER_PORT_5044_TCP_ADDR": "10.0.0.1", "SHEEPSHIPPER_PROGRAM": "/x",
        "SHEEPSHIPPER_ADMIN_SERVICE_HOST": "10.0.0.2", "SHEEPSHIPPER_TEST_ELASTICSEARCH": "x",
      ]
      let loaded = try trial.load(environment: kubernetes)
      #expect(loaded.configuration == Configuration())
    }
  }

  @Test func `each setting has a variable of its own that is not taken for a foreign one`() throws {
    try withConfigurationTrial { trial in
      let keys = ConfigurationKeys.all.keys
      let names = Set(keys.map { ConfigurationLoader.variable(for: $0.path) })
      #expect(names.count == keys.count)
      for name in names {
        // A word no setting but free text takes: it must at least be looked at.
        let problems = try trial.problems(environment: [name: "\u{1}"])
        #expect(
          problems.count == 1 || name.hasSuffix("KEY") || name.contains("BEARER")
            || name.hasSuffix("USER") || name.hasSuffix("PASSWORD"), "\(name): \(problems)")
      }
    }
  }

  @Test func `sizes, durations and addresses are read with their units`() throws {
    try withConfigurationTrial { trial in
      for (text, bytes) in [
        ("16MiB", 16 << 20), ("1GB", 1_000_000_000), ("20000000", 20_000_000),
        ("20000kB", 20_000_000),
        ("16384KiB", 16 << 20), ("17000000B", 17_000_000), ("2GiB", 2 << 30), ("20MB", 20_000_000),
      ] {
        let loaded = try trial.load(settings: ["ring.size=\(text)"])
        #expect(loaded.configuration.ring.sizeBytes == bytes, "\(text)")
      }
      let durations: [(String, Duration)] = [
        ("1500ms", .milliseconds(1500)), ("2s", .seconds(2)), ("3m", .seconds(180)),
        ("4h", .seconds(14_400)), ("5d", .seconds(432_000)), ("0", .zero), ("0s", .zero),
      ]
      for (text, span) in durations {
        let loaded = try trial.load(settings: ["pipe.drain_timeout=\(text)"])
        #expect(loaded.configuration.pipe.drainTimeout == span, "\(text)")
      }
    }
  }

  @Test func `the archive lies in the state directory unless it is put elsewhere`() throws {
    try withConfigurationTrial { trial in
      let usual = try trial.load(settings: ["agent.state_dir=/s"])
      #expect(usual.configuration.archiveDirectory == "/s/archive")
      let elsewhere = try trial.load(settings: ["archive.dir=/a"])
      #expect(elsewhere.configuration.archiveDirectory == "/a")
    }
  }
}
