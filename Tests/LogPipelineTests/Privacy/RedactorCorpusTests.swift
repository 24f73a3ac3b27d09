import LogPipeline
import Testing

/// Goal: no planted secret survives, and next to nothing that only looks like one is touched.
/// Method: two files made up for this, one case a line with its kind; what is not the secret must come out as it went in.
/// Each secret also stands where an identifier is expected, which is the other way into a document.
@Suite struct RedactorCorpusTests {
  private struct Secret {
    let kind: String
    let text: String
    let secret: String
  }

  private static func secrets() throws -> [Secret] {
    try PrivacyFixtures.lines("secrets.tsv").filter { !$0.hasPrefix("#") }.map { line in
      let parts = line.split(separator: "\t").map(String.init)
      try #require(parts.count == 3, "malformed line: \(line)")
      return Secret(kind: parts[0], text: parts[1], secret: parts[2])
    }
  }

  @Test func `every planted secret goes, and nothing around it`() throws {
    let secrets = try Self.secrets()
    var found: [String: Int] = [:]
    for secret in secrets {
      let (scrubbed, count) = PrivacyFixtures.scrub(secret.text)
      let wanted = PrivacyFixtures.replacing(
        secret.secret, by: "[REDACTED:\(secret.kind)]", in: secret.text)
      #expect(scrubbed == wanted, "of \(secret.text)")
      #expect(count == 1, "of \(secret.text)")
      if scrubbed == wanted { found[secret.kind, default: 0] += 1 }
    }
    let kinds = found.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    print(
      "planted secrets found: \(found.values.reduce(0, +)) of \(secrets.count)"
        + " (\(kinds.joined(separator: ", ")))")
    #expect(secrets.count >= 300)
    #expect(Set(secrets.map(\.kind)) == Set(RedactionKind.allCases.map(\.rawValue)))
  }

  @Test func `look-alikes stay as they are`() throws {
    let lines = try PrivacyFixtures.lines("lookalikes.tsv").filter { !$0.hasPrefix("#") }
    var hits: [String] = []
    for line in lines {
      let parts = line.split(separator: "\t", maxSplits: 1).map(String.init)
      try #require(parts.count == 2, "malformed line: \(line)")
      if PrivacyFixtures.scrub(parts[1]).text != parts[1] { hits.append(line) }
    }
    print("look-alikes touched: \(hits.count) of \(lines.count)")
    #expect(lines.count >= 300)
    #expect(hits.count <= 1, "\(hits)")
  }

  @Test func `a secret in the place of an identifier, a tag, a key or a number is not shown`()
    throws
  {
    var shown: [String] = []
    var planted = 0
    // Some are secret only for what stands before them: "key=", "phone:".
    for secret in try Self.secrets() where PrivacyFixtures.scrub(secret.secret).count > 0 {
      planted += 1
      let quoted = JsonValue.quoted(secret.secret)
      let event = try EventBench().one(
        """
        {"session_id":\(quoted),"tags":[\(quoted)],"endpoint":\(quoted),"level":\(quoted),\
        "unknown":\(quoted),"below":{\(quoted):1},"status":"failure","error_type":\(quoted),\
        "error_message":\(JsonValue.quoted(secret.text))}
        """)
      if event.text.contains(JsonValue.quoted(secret.secret).dropFirst().dropLast()) {
        shown.append("\(secret.kind)\t\(secret.secret)")
      }
    }
    #expect(planted >= 300, "\(planted)")
    #expect(shown.isEmpty, "\(shown.count): \(shown.joined(separator: "\n"))")
  }
}
