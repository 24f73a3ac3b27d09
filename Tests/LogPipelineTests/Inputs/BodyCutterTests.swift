import LogPipeline
import Testing

/// Goal: a body's frames do not depend on how the network cut it.
/// Method: each body is cut at every place, and byte by byte; what comes out must be what the whole body gives.
@Suite struct BodyCutterTests {
  /// Frames as text, "long N" for one over the limit, "broken" at the end.
  private func cut(_ pieces: [[UInt8]], limit: Int = 1000) -> [String] {
    var cutter = BodyCutter(frameBytesMax: limit)
    var held: [UInt8] = []
    var found: [String] = []
    func advance(isLast: Bool) {
      while true {
        switch unsafe held.withUnsafeBytes({ unsafe cutter.next(in: $0, isLast: isLast) }) {
        case .frame(let range): found.append(String(decoding: held[range], as: UTF8.self))
        case .tooLong: found.append("long")
        case .more(let keepFrom):
          held.removeFirst(keepFrom)
          cutter.didDrop(keepFrom)
          return
        case .broken:
          found.append("broken")
          return
        case .ended: return
        }
      }
    }
    for piece in pieces {
      held += piece
      advance(isLast: false)
      if found.last == "broken" { return found }
    }
    advance(isLast: true)
    return found
  }

  static let bodies: [(body: String, frames: [String])] = [
    ("[]", []), (" [ \n ] ", []), ("", []), ("\u{FEFF} \n", []),
    ("[{\"a\":1}]", ["{\"a\":1}"]),
    ("\u{FEFF}[ {\"a\":\"],{\"} ,\n{\"b\":[1,{}]}\t]", ["{\"a\":\"],{\"}", "{\"b\":[1,{}]}"]),
    (#"[{"a":"\"}\\"},1,"x,]",null,[2]]"#, [#"{"a":"\"}\\"}"#, "1", "\"x,]\"", "null", "[2]"]),
    ("[{\"a\":1}{\"b\":2}]", ["{\"a\":1}", "broken"]),
    ("[{\"a\":1},", ["{\"a\":1}", "broken"]), ("[{\"a\":1},{\"b\"", ["{\"a\":1}", "broken"]),
    ("[{\"a\":1}] x", ["{\"a\":1}", "broken"]), ("[{\"a\":1},]", ["{\"a\":1}", "broken"]),
    ("{\"a\":1}", ["{\"a\":1}"]),
    (
      "{\n  \"a\": {\n    \"b\": 1\n  }\n}\n",
      [
        "{\n  \"a\": {\n    \"b\": 1\n  }\n}"
      ]
    ),
    ("{\"a\":1}\n{\"b\":2}\r\n\n{\"c\":3}", ["{\"a\":1}", "{\"b\":2}", "{\"c\":3}"]),
    // A brace too few, a quote too few, a brace too many: the neighbours stay.
    ("{\"a\":1}\n{\"b\":2\n{\"c\":3}\n", ["{\"a\":1}", "{\"b\":2", "{\"c\":3}"]),
    ("{\"a\":1,\n{\"b\":2}\n{\"c\":3}", ["{\"a\":1,", "{\"b\":2}", "{\"c\":3}"]),
    ("{\"a\":\n{\"b\":2}\n{\"c\":3}", ["{\"a\":", "{\"b\":2}", "{\"c\":3}"]),
    ("{\"a\":[\n{\"b\":2}\n{\"c\":3}", ["{\"a\":[", "{\"b\":2}", "{\"c\":3}"]),
    ("{\"a\":\"x}\n{\"b\":2}\n", ["{\"a\":\"x}", "{\"b\":2}"]),
    ("{\"a\":1}}\n{\"b\":2}", ["{\"a\":1}", "}", "{\"b\":2}"]),
    ("{\"a\":1]\n{\"b\":2}", ["{\"a\":1]", "{\"b\":2}"]),
    ("nonsense\n{\"b\":2}\n[1]\n", ["nonsense", "{\"b\":2}", "[1]"]),
    (
      "{\n\"a\":[\n{\n\"b\":1\n},\n{\n\"c\":1\n}\n]\n}",
      [
        "{\n\"a\":[\n{\n\"b\":1\n},\n{\n\"c\":1\n}\n]\n}"
      ]
    ),
    ("{\"a\":1}{\"b\":2} {\"c\":3}", ["{\"a\":1}", "{\"b\":2}", "{\"c\":3}"]),
  ]

  @Test(arguments: bodies) func `every cut of a body gives the same frames`(
    body: String, frames: [String]
  ) {
    let bytes = Array(body.utf8)
    #expect(cut([bytes]) == frames)
    #expect(cut(bytes.map { [$0] }) == frames)
    for first in 0...bytes.count {
      for second in first...bytes.count {
        let pieces = [bytes[..<first], bytes[first..<second], bytes[second...]].map { Array($0) }
        #expect(cut(pieces) == frames, "replay: cut at \(first) and \(second) of \(body)")
      }
    }
  }

  @Test(arguments: [
    ("[{\"a\":\"0123456789012345\"},{\"b\":2}]", ["long", "{\"b\":2}"]),
    ("[123456789012345678901234567890,{\"b\":2}]", ["long", "{\"b\":2}"]),
    ("{\"a\":\"0123456789012345\"}\n{\"b\":2}\n", ["long", "{\"b\":2}"]),
    ("0123456789012345678901234567890123456789\n{\"b\":2}\n", ["long", "{\"b\":2}"]),
  ]) func `a frame over the limit costs only itself`(body: String, frames: [String]) {
    let bytes = Array(body.utf8)
    #expect(cut([bytes], limit: 16) == frames)
    for size in 1...bytes.count {
      let pieces = stride(from: 0, to: bytes.count, by: size).map {
        Array(bytes[$0..<min($0 + size, bytes.count)])
      }
      #expect(cut(pieces, limit: 16) == frames, "replay: pieces of \(size) of \(body)")
    }
  }

  static let longBodies: [(body: String, frames: [String])] = [
    // What stands behind an object over the limit on its own line is another object.
    ("{\"a\":\"123456789012345\"} {\"b\":1}\n{\"c\":1}", ["long", "{\"b\":1}", "{\"c\":1}"]),
    // A line that begins with a brace ends it, before the limit or behind it.
    (
      "{\"a\":[\n{\"b\":1},\n{\"c\":1}]}\n{\"d\":1}",
      ["{\"a\":[", "{\"b\":1}", ",", "{\"c\":1}", "]}", "{\"d\":1}"]
    ),
    ("{\"a\":[1234567890123,\n{\"b\":1}]}", ["long", "{\"b\":1}", "]}"]),
    ("{\"a\":\"12345678901234567890\n{\"b\":1}", ["long", "{\"b\":1}"]),
    // Blanks at its end count.
    ("no object          \n{\"b\":1}", ["long", "{\"b\":1}"]), ("no object\n", ["no object"]),
  ]

  @Test(arguments: longBodies)
  func `every cut of a body with objects over the limit gives the same frames`(
    body: String, frames: [String]
  ) {
    let bytes = Array(body.utf8)
    for size in 1...bytes.count {
      let pieces = stride(from: 0, to: bytes.count, by: size).map {
        Array(bytes[$0..<min($0 + size, bytes.count)])
      }
      #expect(cut(pieces, limit: 16) == frames, "pieces of \(size)")
    }
  }

  @Test func `nesting deeper than any document may be costs only its line`() {
    let deep =
      "{\"a\":" + String(repeating: "[", count: 100) + String(repeating: "]", count: 100) + "}"
    let found = cut([Array("{\"x\":1}\n\(deep)\n{\"y\":2}\n".utf8)])
    #expect(found == ["{\"x\":1}", deep, "{\"y\":2}"])
  }
}
