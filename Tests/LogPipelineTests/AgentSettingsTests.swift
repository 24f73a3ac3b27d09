import LogPipeline
import Testing

@Suite struct AgentSettingsTests {
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
