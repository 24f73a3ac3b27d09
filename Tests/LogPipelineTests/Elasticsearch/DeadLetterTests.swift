import LogPipeline
import Testing

@Suite struct DeadLetterTests {
  private func letter(_ sequence: UInt64, document: String = #"{"a":1}"#) -> DeadLetter {
    DeadLetter(
      ring: StreamId(high: 7, low: 8), sequence: sequence, index: "holysheep-logs-2026.11.20",
      id: "id-\(sequence)",
      status: 400, type: "mapper_parsing_exception", reason: #"a "quoted" reason"#, attempts: 2,
      atMilliseconds: 0, document: Array(document.utf8))
  }

  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = try FileSystem.makeTemporaryDirectory(prefix: "dead-letters-")
    defer {
      for name in (try? FileSystem.names(in: folder)) ?? [] {
        try? FileSystem.remove("\(folder)/\(name)")
      }
      try? FileSystem.removeDirectory(folder)
    }
    try body(folder)
  }

  private func lines(_ path: String) throws -> [JsonValue] {
    let bytes = try FileSystem.read(path)
    #expect(bytes.last == UInt8(ascii: "\n"))
    return try bytes.split(separator: UInt8(ascii: "\n")).map { try JsonValue.parse(Array($0)) }
  }

  @Test func `a line says where the event was, why it died, and holds it`() throws {
    try withFolder { folder in
      let writer = DeadLetterWriter(folder: folder)
      #expect(!FileSystem.exists(writer.path))
      try writer.write([letter(3), letter(4, document: "no \"json\"")])
      let found = try lines(writer.path)
      #expect(found[0]["ring"]?.string == "00000000000000070000000000000008")
      #expect(found[0]["sequence"]?.integer == 3)
      #expect(found[0]["index"]?.string == "holysheep-logs-2026.11.20")
      #expect(found[0]["_id"]?.string == "id-3")
      #expect(found[0]["status"]?.integer == 400)
      #expect(found[0]["type"]?.string == "mapper_parsing_exception")
      #expect(found[0]["reason"]?.string == #"a "quoted" reason"#)
      #expect(found[0]["attempts"]?.integer == 2)
      #expect(found[0]["at"]?.string == "1970-01-01T00:00:00.000Z")
      #expect(found[0]["document"]?["a"]?.integer == 1)
      #expect(found[1]["document"]?.string == "no \"json\"")
      #expect(writer.writtenCount == 2)
    }
  }

  @Test func `full files are kept beside, and a full limit is said before anything is written`()
    throws
  {
    try withFolder { folder in
      let size = UInt64(letter(1).line.count)
      let writer = DeadLetterWriter(folder: folder, limitBytes: size * 5, fileBytesMax: size * 2)
      for sequence in 1...5 { try writer.write([letter(UInt64(sequence))]) }
      #expect(
        try FileSystem.names(in: folder) == [
          "dead-letters.000001.ndjson", "dead-letters.000002.ndjson", "dead-letters.ndjson",
        ])
      let before = try lines(writer.path).count
      #expect(
        throws: DeliveryError.deadLettersFull(
          path: writer.path, usedBytes: size * 5, limitBytes: size * 5)
      ) { try writer.write([letter(6)]) }
      #expect(try lines(writer.path).count == before)
      #expect(writer.problem == "they take \(size * 5) of \(size * 5) bytes allowed")
      // The operator made room.
      try FileSystem.remove("\(folder)/dead-letters.000001.ndjson")
      try writer.write([letter(6)])
      #expect(try lines(writer.path).count == 2)
      #expect(writer.writtenCount == 6 && writer.problem == nil)
    }
  }

  @Test func `a folder that is gone is an error that keeps the events`() throws {
    let writer = DeadLetterWriter(folder: "/nonexistent/folder")
    #expect(throws: DeliveryError.self) { try writer.write([letter(1)]) }
    #expect(writer.writtenCount == 0 && writer.problem?.contains("/nonexistent/folder") == true)
  }

  @Test(arguments: [
    (
      "[1:16] failed to parse field [n] of type [long] in document with id 'a'. Preview of field's value: 'sk-secret'",
      "[1:16] failed to parse field [n] of type [long] in document with id '…'."
    ),
    ("For input string: \"it \"is\" sk-secret\" x", "For input string: \"…\" x"),
    ("Failed to parse value [a] sk-secret] as only [true] or [false]", "Failed to parse value […]"),
    (
      "failed to parse: Unexpected end\n at [Source: (byte[])\"{\"x\":\"sk-secret\"}\"; line: 1]",
      "failed to parse: Unexpected end\n at"
    ),
    ("no such index [holysheep-logs-2026.11.21]", "no such index [holysheep-logs-2026.11.21]"),
    ("can't merge a non object mapping [x]", "can't merge a non object mapping [x]"),
    (
      "The prefix of the first immense term is: '[115, 107]...', original message: bytes sk-secret",
      "The prefix of the first immense term is: '…',"
    ),
  ])
  func `reasons lose the values they quote`(reason: String, expected: String) {
    #expect(ReasonScrubber.scrub(reason) == expected)
  }

  @Test func `long reasons are cut between characters`() {
    let scrubbed = ReasonScrubber.scrub(String(repeating: "é", count: 400))
    #expect(scrubbed.utf8.count == 512)
    #expect(ReasonScrubber.scrub("x" + String(repeating: "é", count: 400)).utf8.count == 511)
  }
}
