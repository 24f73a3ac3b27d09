import LogPipeline
import Testing

/// Goal: TLS is on where a certificate is given, off where that is said, and half a setting is an error.
@Suite struct TlsConfigurationTests {
  private static let files = ["inputs.tls.cert=/tls/crt", "inputs.tls.key=/tls/key"]

  @Test(arguments: [
    (["inputs.tls.cert=/tls/crt"], "inputs.tls.cert", "given alone"),
    (["inputs.tls.key=/tls/key"], "inputs.tls.key", "given alone"),
    (["inputs.tls.client_ca=/tls/ca"], "inputs.tls.client_ca", "no TLS"),
    (["inputs.tcp.tls=on"], "inputs.tcp.tls", "on needs a certificate"),
    (files + ["inputs.webhook.tls=mutual"], "inputs.webhook.tls", "mutual needs the authorities"),
    (files + ["inputs.tls.version_min=1.1"], "inputs.tls.version_min", "1.2, 1.3"),
  ]) func `half a setting is an error`(settings: [String], key: String, says: String) throws {
    try withConfigurationTrial { trial in
      let problems = try trial.problems(settings: settings)
      #expect(problems.contains { $0.key == key && "\($0)".contains(says) }, "\(problems)")
    }
  }

  @Test func `what is wide open is told of, until certificates or tokens close it`() throws {
    try withConfigurationTrial { trial in
      let open = ["inputs.tcp.listen=0.0.0.0:5044", "inputs.webhook.listen=0.0.0.0:8088"]
      let bearer = ["inputs.webhook.bearer=[{env: TOKEN}]"]
      let clear = try trial.load(settings: open + bearer).warnings
      #expect(clear.contains { $0.contains("travel in the clear") }, "\(clear)")
      #expect(clear.contains { $0.contains("inputs.tls.client_ca") }, "\(clear)")
      let encrypted = try trial.load(settings: open + bearer + Self.files).warnings
      #expect(!encrypted.contains { $0.contains("in the clear") }, "\(encrypted)")
      let mutual = try trial.load(
        settings: open + Self.files + ["inputs.tls.client_ca=/tls/ca"]
      ).warnings
      #expect(mutual.isEmpty, "\(mutual)")
      let unused = try trial.load(
        settings: Self.files + ["inputs.tcp.tls=off", "inputs.webhook.tls=off"]
      ).warnings
      #expect(unused.contains { $0.contains("no port uses it") }, "\(unused)")
    }
  }

  @Test func `validate says which file can not be used`() throws {
    try withConfigurationTrial { trial in
      let loaded = try trial.load(settings: Self.files)
      let sentences = ConfigurationInspection.unreadableFiles(of: loaded.configuration)
      #expect(sentences.contains { $0.contains("inputs.tls.key (/tls/key)") }, "\(sentences)")
    }
  }
}
