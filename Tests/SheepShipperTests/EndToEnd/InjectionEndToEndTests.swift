import LogPipeline
import TestSupport
import Testing

/// Goal: no sender can put a line of its own, or another index, into a bulk body.
/// Method: texts that try, in values, keys and ids, by TCP and by HTTP as an object, an array and lines; every body that the
/// server got is cut at its line ends and each line looked at.
@Suite(.serialized) struct InjectionEndToEndTests {
  private static let hostile = [
    #"\n{\"delete\":{\"_index\":\"inj-x\",\"_id\":\"x\"}}\n"#,
    #"\r\n{\"create\":{\"_index\":\"x\"}}"#,
    #"\u000a{\"index\":{}}\u000a"#, #"\u0000"#, #"\ud800"#, #"\udfff\ud800x"#, #"\u2028\u2029"#,
    #"\"}}\n{\"update\":{\"_id\":\"1\"}}"#, #"\\n{}"#,
  ]
  private static let frames =
    hostile.flatMap { text in
      [
        #"{"request_id":"\#(text)","prompt":"\#(text)","unknown":"\#(text)"}"#,
        #"{"\#(text)":1,"status":"failure","error_message":"\#(text)","tags":["\#(text)"]}"#,
        #"{"index":"\#(text)","_index":"x","_id":"1","model":"\#(text)","user_id":"\#(text)"}"#,
      ]
    } + [
      #"{"delete":{"_index":"inj-2026.11.27","_id":"1"}}"#, #"{"create":{"_index":".security"}}"#,
      #"{"request_id":"a","request_id":"b","n":{"x":1,"x":2}}"#,
    ]

  @Test(arguments: ["redact", "keep"])
  func `every body has two valid lines an item and our indices alone`(content: String) throws {
    let server = try BulkServer(keepsBodies: true)
    defer { server.stop() }
    let folder = try TemporaryFolder()
    let agent = try AgentProcess(
      stateDirectory: folder.path,
      settings: [
        "elasticsearch.hosts=\(server.url)", "elasticsearch.index=inj-%Y.%m.%d",
        "privacy.content=\(content)",
      ])
    var (accepted, refused) = (0, 0)
    // Lines: a pretty-printed object is one refused line each, a raw newline parts a frame in two.
    let pretty = "{\n  \"request_id\": \"pretty\",\n  \"n\": [\n 1 ]\n}"
    let broken = [#"{"prompt":"raw"#, #"newline"}"#, "{\"nul\":\"\u{0}\"}"]
    let lines = Self.frames + broken + pretty.split(separator: "\n").map(String.init)
    try SampleSender.send(lines.map { Array($0.utf8) }, to: agent)
    accepted += Self.frames.count
    refused += broken.count + 5
    // Bodies: the same pretty-printed object is one event.
    let all = Self.frames.joined(separator: ",\n")
    for (type, body, taken, left) in [
      ("application/json", pretty, 1, 0), ("application/json", "[\(all)]", Self.frames.count, 0),
      ("application/json", "[\(pretty), \(pretty)]", 2, 0),
      ("application/x-ndjson", Self.frames.joined(separator: "\n"), Self.frames.count, 0),
      // A body is cut at its objects' ends, so the printed object is one event here too.
      ("application/x-ndjson", lines.joined(separator: "\r\n"), Self.frames.count + 1, 2),
    ] {
      let answer = try agent.webhook.send(
        "POST", "/v1/events", headers: [("Content-Type", type)], body: Array(body.utf8))
      #expect(answer.status == 200, "\(answer.text)")
      #expect(try answer.json()["accepted"]?.integer == Int64(taken), "\(answer.text.prefix(300))")
      accepted += taken
      refused += left
    }
    #expect(try agent.wait(until: "delivered", isAtLeast: accepted), "\(agent.log)")
    #expect(try agent.ledger("accepted") == accepted)
    #expect(try agent.ledger("refused") == refused)
    #expect(agent.terminate() == .exited(0))

    let faults = server.bodies.flatMap { BulkLines.faults(in: $0, index: "inj-2") }
    #expect(faults.isEmpty, "\(faults.prefix(5))")
    // What has no time of its own has an id of its own each time.
    #expect(server.documents.count == accepted)
  }
}
