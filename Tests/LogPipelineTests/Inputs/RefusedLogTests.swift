import LogPipeline
import Testing

@Suite struct RefusedLogTests {
  @Test func `each refused frame is one JSON line, and a full file is moved aside once`() throws {
    let folder = try FileSystem.makeTemporaryDirectory(prefix: "refused")
    let path = "\(folder)/refused.ndjson"
    defer {
      try? FileSystem.remove(path)
      try? FileSystem.remove("\(path).1")
      try? FileSystem.removeDirectory(folder)
    }
    let log = try RefusedLog(path: path, capBytes: 2000)
    var source = SourceContext(input: .webhook, peer: "127.0.0.1:1")
    source.name = "relay"
    for number in 1...30 {
      let refusal = Refusal(
        reason: .notJson, frame: UInt64(number), message: "a \"quoted\" text",
        scrubbed: Array("{\n\u{1}".utf8) + [0xFF])
      log.note(refusal, from: source, atWallMilliseconds: 0)
    }
    log.close()
    #expect(log.unwrittenCount == 0)
    let lines = String(decoding: try FileSystem.read(path), as: UTF8.self).split(separator: "\n")
    let last = try JsonValue.parse(String(lines.last ?? ""))
    #expect(last["at"]?.string == "1970-01-01T00:00:00.000Z")
    #expect(last["input"]?.string == "webhook")
    #expect(last["peer"]?.string == "127.0.0.1:1")
    #expect(last["frame"]?.integer == 30)
    #expect(last["reason"]?.string == "not_json")
    #expect(last["message"]?.string == "a \"quoted\" text")
    #expect(last["bytes"]?.string == "{\n\u{1}\u{FFFD}")
    #expect(try FileSystem.status(of: path).sizeBytes <= 2000)
    #expect(try FileSystem.status(of: "\(path).1").sizeBytes <= 2000)
  }
}
