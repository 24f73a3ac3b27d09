import LogPipeline
import Testing

/// Goal: no planted secret survives, and nothing that only looks like one is touched.
/// Method: two files written by hand, one case a line; what is not the secret must come out as it went in.
@Suite struct RedactorCorpusTests {
  @Test func `every planted secret goes, and nothing around it`() throws {
    let lines = try PrivacyFixtures.lines("secrets.tsv").filter { !$0.hasPrefix("#") }
    #expect(lines.count >= 100)
    for line in lines {
      let parts = line.split(separator: "\t").map(String.init)
      try #require(parts.count == 3, "malformed line: \(line)")
      let (kind, text, secret) = (parts[0], parts[1], parts[2])
      let (scrubbed, count) = PrivacyFixtures.scrub(text)
      let wanted = PrivacyFixtures.replacing(secret, by: "[REDACTED:\(kind)]", in: text)
      #expect(scrubbed == wanted, "of \(text)")
      #expect(count == 1, "of \(text)")
    }
  }

  @Test func `look-alikes stay as they are`() throws {
    let lines = try PrivacyFixtures.lines("lookalikes.txt")
    #expect(lines.count >= 100)
    for line in lines {
      #expect(PrivacyFixtures.scrub(line).text == line)
    }
  }
}
