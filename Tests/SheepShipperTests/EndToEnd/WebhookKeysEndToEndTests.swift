import LogPipeline
import TestSupport
import Testing

/// Goal: who sent an event stands in it by the key that was used, keys come and go without a restart, a signed request is
/// stored once, and no secret is ever printed.
/// Method: the built program with keys in files, and its archive read back.
@Suite struct WebhookKeysEndToEndTests {
  private static let event =
    #"{"model":"gpt-4.1","prompt_tokens":1000,"completion_tokens":1000,"metadata":{"user_api_key_team_id":"support"}}"#

  @Test func `keys carry teams, are replaced, end, and sign`() throws {
    let folder = try TemporaryFolder()
    let (token, next, ended) = ("token-one-marked", "token-two-marked", "token-ended-marked")
    let signing = "whsec_bWFya2VkLW1hcmtlZC1tYXJrZWQtbWFya2Vk"
    for (name, secret) in [("hook", token), ("ended", ended), ("signing", signing)] {
      try CommandSupport.write(Array("\(secret)\n".utf8), to: "\(folder.path)/\(name)")
    }
    let agent = try AgentProcess(
      stateDirectory: "\(folder.path)/state",
      settings: [
        """
        inputs.webhook.bearer=[{file: \(folder.path)/hook, team: engineering, source: litellm}, \
        {file: \(folder.path)/ended, until: 2020-02-29}]
        """,
        "inputs.webhook.hmac=[{file: \(folder.path)/signing, team: finance, until: 2999-01-01}]",
        "sources=[{match: {name: litellm}, basis: total}]",
      ])
    let body = Array(Self.event.utf8)
    func post(_ token: String) throws -> Int {
      try agent.webhook.send(
        "POST", "/v1/events", headers: [("Authorization", "Bearer \(token)")], body: body
      ).status
    }
    #expect(try post(token) == 200)
    #expect(try post("wrong") == 401)
    #expect(try post(ended) == 401)
    try CommandSupport.write(Array("\(next)\n".utf8), to: "\(folder.path)/hook.new")
    try FileSystem.rename("\(folder.path)/hook.new", to: "\(folder.path)/hook")
    agent.child.signal(.hangUp)
    let deadline = SystemClock().now() + .seconds(30)
    while try post(next) != 200, SystemClock().now() < deadline {
      PosixThread.sleep(.milliseconds(20))
    }
    #expect(try post(token) == 401)

    let key = try #require(SigningSecret.key(of: signing))
    let signed = Array(#"{"model":"gpt-4.1","team":"support","n":1}"#.utf8)
    for isRepeat in [false, true] {
      let answer = try agent.webhook.send(
        "POST", "/v1/events", headers: try Self.signature(of: signed, key), body: signed)
      #expect(answer.status == 200, "\(answer.text)")
      #expect(answer.text.contains("duplicate") == isRepeat, "\(answer.text)")
    }
    let lines = [
      "sheepshipper_input_webhook_faults_total{reason=\"key_expired\"} 1",
      "sheepshipper_input_webhook_duplicates_total 1", "sheepshipper_input_webhook_ids 1",
      "sheepshipper_input_webhook_closed_total{limit=\"budget\"} 0",
    ]
    // The counters are published after the turn that has sent the answer.
    var missing = lines
    while !missing.isEmpty, SystemClock().now() < deadline {
      let metrics = try agent.admin.get("/metrics").text
      missing = lines.filter { !metrics.contains($0 + "\n") }
    }
    #expect(missing.isEmpty, "\(missing)")
    #expect(agent.terminate() == .exited(0))
    #expect(agent.log.contains("its key has ended"))
    #expect(agent.log.contains("inputs.webhook.bearer[1] (file \(folder.path)/ended)"))
    #expect(agent.log.contains("2020-02-29"))
    for secret in [token, next, ended, signing, "bWFya2Vk"] { #expect(!agent.log.contains(secret)) }

    let documents = try ArchiveFolder.documents(in: "\(folder.path)/state/archive")
    let teams = documents.map {
      "\($0["team_id"]?.string ?? "") \($0["team_id_claimed"]?.string ?? "")"
    }
    #expect(Set(teams) == ["engineering support", "finance support"], "\(teams)")
    #expect(teams.filter { $0.hasPrefix("finance") }.count == 1)
    for document in documents where document["team_id"]?.string == "engineering" {
      #expect(document.text.contains("\"total\""), "\(document.text)")
    }
  }

  private static func signature(of body: [UInt8], _ key: [UInt8]) throws -> [(String, String)] {
    let time = "\(SystemClock().wallMilliseconds() / 1000)"
    let signer = try #require(MessageSigner(key: key))
    let text = Array("msg_1.\(time).".utf8) + body
    unsafe text.withUnsafeBytes { unsafe signer.update($0) }
    return [
      ("webhook-id", "msg_1"), ("webhook-timestamp", time),
      ("webhook-signature", "v1,\(String(decoding: signer.finish(), as: UTF8.self))"),
    ]
  }
}
