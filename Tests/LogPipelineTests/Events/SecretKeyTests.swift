import LogPipeline
import Testing

/// Goal: a secret that a sender uses as the name of a field is kept no more than one that is a value.
/// Method: tokens, cards and addresses as keys of unknown fields, alone, nested, and several of a kind.
@Suite struct SecretKeyTests {
  @Test(arguments: [
    "sk-ant-api03-abcdefghijklmnopqrstuvwxyz012345", "jane.doe@example.com", "4111111111111111",
    "4111-1111-1111-1111", "AKIAIOSFODNN7EXAMPLE",
  ])
  func `a key that is a secret is scrubbed at every level`(secret: String) throws {
    let event = try EventBench().one(
      """
      {"timestamp":"2026-11-20T10:00:00Z","\(secret)":1,"below":{"\(secret)":{"x":2}},"plain-key":3}
      """)
    #expect(!event.text.contains(secret), "\(event.text)")
    let extra = try #require(event["extra"]?.members)
    #expect(extra.map(\.value) == [.integer(1), .integer(2), .integer(3)])
    #expect(extra.last?.key == "plain-key")
  }

  @Test func `keys that read alike once scrubbed stand once`() throws {
    let event = try EventBench().one(
      """
      {"timestamp":"2026-11-20T10:00:00Z","jane@example.com":1,"john@example.com":2,"other":3}
      """)
    let extra = try #require(event["extra"]?.members)
    #expect(extra.map(\.key) == ["[REDACTED:email]", "other"])
    #expect(extra.map(\.value) == [.integer(1), .integer(3)])
  }

  @Test func `a card that is a number of an unknown field is redacted, other numbers are not`()
    throws
  {
    let event = try EventBench().one(
      """
      {"timestamp":"2026-11-20T10:00:00Z","card":4111111111111111,"n":{"pan":5500005555555559},\
      "ns":1795216839199698123,"ms":1795216839199,"other":4111111111111112}
      """)
    #expect(event["extra"]?["card"] == .string("[REDACTED]"))
    #expect(event["extra"]?["n.pan"] == .string("[REDACTED]"))
    #expect(event["extra"]?["ns"] == .integer(1_795_216_839_199_698_123))
    #expect(event["extra"]?["ms"] == .integer(1_795_216_839_199))
    #expect(event["extra"]?["other"] == .integer(4_111_111_111_111_112))
  }

  @Test(arguments: ["task-id", "risk-score", "order.2026-11-20", "x/y:z", "12345"])
  func `ordinary keys stay as they are`(key: String) throws {
    let event = try EventBench().one(#"{"timestamp":"2026-11-20T10:00:00Z","\#(key)":1}"#)
    #expect(event["extra"]?.members?.first?.key == key)
  }
}
