import LogPipeline
import Testing

@Suite struct AgentSettingsTests {
  @Test func `content follows the rule of its source, and keeping it is said loudly`() throws {
    try withConfigurationTrial { trial in
      let loaded = try trial.load(
        """
        privacy: {content: drop}
        inputs: {webhook: {paths: [/a, /b]}}
        sources:
          - {match: {input: webhook, path: /a}, content: keep}
          - {match: {input: webhook, path: /b}, content: redact}
          - {match: {input: webhook}, book: direct}
        """)
      let key = try ContentKey([UInt8](repeating: 7, count: 32))
      let rules = AgentSettings(configuration: loaded.configuration).eventRules(key)
      var source = SourceContext(input: .webhook, peer: "x")
      var found: [EventRules.Content] = []
      for path in ["/a", "/b", "/c"] {
        source.path = path
        found.append(rules.meaning(of: source).content)
      }
      found.append(rules.meaning(of: SourceContext(input: .tcp, peer: "x")).content)
      #expect(found == [.keep, .redact, .drop, .drop])
      #expect(loaded.warnings.count == 1)
      #expect(
        loaded.warnings.first?.hasPrefix("sources[0].content is keep: what people write") == true)
      let all = try trial.load("privacy: {content: keep}").warnings
      #expect(all.first?.hasPrefix("privacy.content is keep:") == true)
      #expect(try trial.load("privacy: {content: redact}").warnings.isEmpty)
    }
  }

  @Test func `the first matching rule decides the prices of a source`() throws {
    try withConfigurationTrial { trial in
      let configuration = try trial.load(
        """
        pricing: {book: holysheep, basis: total}
        sources:
          - {match: {input: webhook, path: /v1/events, name: a}, book: direct, trust_team_header: true}
          - {match: {input: webhook}, basis: output}
        """
      ).configuration
      var source = SourceContext(input: .webhook, peer: "x")
      source.path = "/v1/events"
      source.name = "a"
      let key = try ContentKey([UInt8](repeating: 7, count: 32))
      let rules = AgentSettings(configuration: configuration).eventRules(key)
      func expect(_ book: EventRules.Book, _ basis: CostBasis, _ isTrusted: Bool) {
        let meaning = rules.meaning(of: source)
        #expect(meaning.book == book)
        #expect(meaning.basis == basis)
        #expect(meaning.trustsTeamHeader == isTrusted)
      }
      expect(.direct, .total, true)
      source.name = "b"
      expect(.holysheep, .output, false)
      source = SourceContext(input: .tcp, peer: "x")
      expect(.holysheep, .total, false)
    }
  }

  @Test func `ISA-L is taken where it is, and only then; asked for in vain it is an error`() throws
  {
    try withConfigurationTrial { trial in
      func library(_ choice: String) throws -> CompressionLibrary {
        let configuration = try trial.load("ring: {compression: \(choice)}").configuration
        return try AgentSettings(configuration: configuration).compression()
      }
      let isThere = if case .ready = IsalLibrary.found { true } else { false }
      let (zlib, auto) = (try library("zlib"), try library("auto"))
      #expect(zlib == .zlib)
      #expect(auto == (isThere ? .isal : .zlib))
      do {
        let isal = try library("isal")
        #expect(isThere && isal == .isal)
      } catch let error as AgentError {
        #expect(!isThere && error.isConfiguration)
        #expect(error.description.contains("libisal2"), "\(error)")
      }
    }
  }
}
