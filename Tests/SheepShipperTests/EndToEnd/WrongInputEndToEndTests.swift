import LogPipeline
import TestSupport
import Testing

/// Goal: whatever comes in, the good beside it is stored, the bad is named and counted, and memory stays bounded.
/// Method: the built program, real sockets, one kind of wrong input after the other, each with a good event before
/// and behind it.
@Suite(.serialized) struct WrongInputEndToEndTests {
  @Test func `bad lines over TCP are refused with their reason, their neighbours stored`() throws {
    let folder = try TemporaryFolder()
    let agent = try AgentProcess(stateDirectory: folder.path)
    let bad: [(line: [UInt8], reason: String)] = [
      (Array("this is no JSON".utf8), "not_json"),
      (Array(#"{"request_type":"chat","metadata":{"model":"gpt-4"#.utf8), "not_json"),
      (Array("[1,2,3]".utf8), "not_an_object"),
      (Array(#"{"v":NaN}"#.utf8), "not_a_finite_number"),
      (Array(#"{"v":1e999999}"#.utf8), "not_a_finite_number"),
      ([0x7B, 0x22, 0x61, 0x22, 0x3A, 0x22, 0xFF, 0xC3, 0x28, 0x22, 0x7D], "not_utf8"),
      // UTF-16
      (Array("{\"a\":1}".utf8).flatMap { [$0, 0] }, "not_utf8"),
      (Array(repeating: UInt8(ascii: "["), count: 2000), "not_json"),
      (
        Array(#"{"huge":""#.utf8) + [UInt8](repeating: UInt8(ascii: "A"), count: 20 << 20)
          + Array(#""}"#.utf8), "line_too_long"
      ),
    ]
    let connection = try TcpClient(port: agent.tcpPort)
    var ids: [String] = []
    for (index, wrong) in bad.enumerated() {
      let good = RelayEvents.event(index, run: "beside")
      ids.append(good.requestId)
      try connection.send(good.line + "\n")
      try connection.send(wrong.line + [0x0A])
    }
    let last = RelayEvents.event(bad.count, run: "beside")
    ids.append(last.requestId)
    try connection.send(last.line)
    connection.finishSending()
    #expect(try agent.wait(until: "delivered", isAtLeast: ids.count))
    #expect(try agent.ledger("refused") == bad.count)
    #expect(try agent.ledger("in_hand") == 0)
    let metrics = try agent.admin.get("/metrics").text
    for (reason, count) in Dictionary(grouping: bad, by: \.reason).mapValues(\.count) {
      #expect(
        metrics.contains(#"sheepshipper_input_refused_total{reason="\#(reason)"} \#(count)"#),
        "\(reason) in \(metrics.split(separator: "\n").filter { $0.contains("refused") })")
    }
    let peakBytes = try agent.status()["process"]?["resident_peak_bytes"]?.integer ?? .max
    #expect(peakBytes < 96 << 20)
    #expect(agent.terminate() == .exited(0))
    let stored = try ArchiveFolder.documents(in: "\(folder.path)/archive")
      .compactMap { $0["request_id"]?.string }
    #expect(stored.sorted() == ids.sorted())
    let refused = try FileSystem.read("\(folder.path)/refused.ndjson")
    #expect(refused.split(separator: 0x0A).count == bad.count)
    #expect(!String(decoding: refused, as: UTF8.self).contains(RelayEvents.secret))
  }

  @Test
  func `wrong webhook requests get a clear answer each, and good ones beside them are stored`()
    throws
  {
    let folder = try TemporaryFolder()
    let agent = try AgentProcess(
      stateDirectory: folder.path, settings: ["inputs.webhook.bearer=[{value: door-key}]"])
    let key = ("Authorization", "Bearer door-key")
    let type = ("Content-Type", "application/json")
    let good = RelayEvents.event(0, run: "good").line
    func post(
      _ body: [UInt8], _ headers: [(String, String)], path: String = "/v1/events"
    ) throws -> HttpClient.Answer {
      try agent.webhook.send("POST", path, headers: headers, body: body)
    }
    let gzipped = Gzip.compress(Array("[\(good)]".utf8))

    let wrongKey = try post(Array(good.utf8), [("Authorization", "Bearer other"), type])
    #expect(wrongKey.status == 401)
    let wrongType = try post(Array(good.utf8), [key, ("Content-Type", "text/html")])
    #expect(wrongType.status == 415, "\(wrongType.text)")
    let wrongPath = try post(Array(good.utf8), [key, type], path: "/nowhere")
    #expect(wrongPath.status == 404)
    #expect(wrongPath.text.contains("/v1/events"))
    let broken = try post(Array("{broken".utf8), [key, type])
    #expect(broken.status == 400, "\(broken.text)")
    let numbers = try post(Array("[1, 2]".utf8), [key, type])
    #expect(numbers.status == 400)
    #expect(numbers.text.contains("not_an_object"), "\(numbers.text)")
    let cut = try post(Array(gzipped.dropLast(12)), [key, type, ("Content-Encoding", "gzip")])
    #expect(cut.status == 400, "\(cut.text)")
    let bomb = Gzip.compress([UInt8](repeating: 0x20, count: 300 << 20))
    let bombed = try post(bomb, [key, type, ("Content-Encoding", "gzip")])
    #expect(bombed.status == 413, "\(bombed.text)")
    let mixed = try post(
      Array("[\(RelayEvents.event(1, run: "good").line), 7, {\"n\": 1]".utf8), [key, type])
    #expect([200, 400].contains(mixed.status), "\(mixed.text)")
    let zipped = try post(gzipped, [key, type, ("Content-Encoding", "gzip")])
    #expect(zipped.status == 200)
    #expect(try zipped.json()["accepted"]?.integer == 1)

    #expect(agent.terminate() == .exited(0))
    let stored = Set(
      try ArchiveFolder.documents(in: "\(folder.path)/archive")
        .compactMap { $0["request_id"]?.string })
    #expect(stored.contains("good-0"))
    #expect(stored.contains("good-1"))
  }
}
