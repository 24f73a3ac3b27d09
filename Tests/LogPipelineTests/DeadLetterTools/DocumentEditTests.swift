import LogPipeline
import Testing

@Suite struct DocumentEditTests {
  private func edited(_ document: String, _ edits: String...) throws -> String {
    var raw = try RawJson(document)
    for edit in edits { raw = try DocumentEdit(edit).apply(to: raw) }
    return String(decoding: raw.bytes, as: UTF8.self)
  }

  @Test(arguments: [
    (#"{"a":1}"#, ".a = 2", #"{"a":2}"#),
    (#"{"a":1}"#, ".b=\"x = y\"", #"{"a":1,"b":"x = y"}"#),
    (#"{"a":{"b":1,"c":2}}"#, "del(.a.b)", #"{"a":{"c":2}}"#),
    (#"{"a":{"b":1,"c":2}}"#, " del( .a ) ", "{}"),
    (#"{"a":1}"#, ".n.m.o = [1, {\"p\" : null}]", #"{"a":1,"n":{"m":{"o":[1,{"p":null}]}}}"#),
    (#"{"a":[1,2,3]}"#, ".a[1] = true", #"{"a":[1,true,3]}"#),
    (#"{"a":[1,2,3]}"#, "del(.a[0])", #"{"a":[2,3]}"#),
    (#"{"a b":{"\"":1}}"#, #"."a b"."\"" = 2"#, #"{"a b":{"\"":2}}"#),
    // What is not there can not be taken away, and need not be.
    (#"{"a":1}"#, "del(.x.y)", #"{"a":1}"#),
    (#"{"a":1}"#, "del(.a.b)", #"{"a":1}"#),
    (#"{"a":[1]}"#, "del(.a[5])", #"{"a":[1]}"#),
    // Numbers keep their digits, keys their escapes.
    (
      #"{ "big" : 12345678901234567890.10 , "\u0061b":"\ud83d\ude00",  "x":[ ] , "y" : { } }"#,
      ".z = 1e40",
      #"{"big":12345678901234567890.10,"\u0061b":"\ud83d\ude00","x":[],"y":{},"z":1e40}"#
    ),
    (#"{"\u0061":1}"#, ".a = 2", #"{"\u0061":2}"#),
  ])
  func `one value changes, everything else keeps its bytes`(
    document: String, edit: String, expected: String
  ) throws {
    #expect(try edited(document, edit) == expected)
  }

  @Test func `several edits are made in their order`() throws {
    #expect(
      try edited(#"{"a":"12ms","e":{"x":1}}"#, ".a = 12", "del(.e.x)", ".e.y = 3")
        == #"{"a":12,"e":{"y":3}}"#)
  }

  @Test(arguments: [
    ("", "a path begins with a dot"), ("a = 1", "a path begins with a dot"),
    (".a", "an = and a value are missing"), (".a = ", "the value is not valid JSON"),
    (".a = hello", "a text needs quotes: \"hello\""), (".a. = 1", "a name is missing after a dot"),
    (".a[x] = 1", "an index looks like [0]"), ("del(.a", "no ) at its end"),
    ("del(.a = 1)", "is no part of a path"), (".\"a = 1", "a quoted name has no end"),
    (".a = 1 2", "the value is not valid JSON"),
  ])
  func `what is no edit is explained`(text: String, says: String) {
    #expect { try DocumentEdit(text) } throws: { "\($0)".contains(says) }
  }

  @Test func `a path through a number or past an array's end is refused`() {
    #expect { try edited(#"{"a":1}"#, ".a.b = 2") } throws: { "\($0)".contains("is no object") }
    #expect { try edited(#"{"a":[]}"#, ".a[0] = 2") } throws: { "\($0)".contains("0 elements") }
    #expect { try edited(#"{"a":{}}"#, ".a[0] = 2") } throws: { "\($0)".contains("is no array") }
  }

  @Test func `what is no JSON is not taken apart`() {
    for text in ["", "{", "{\"a\":}", "[1,]", "nul"] {
      #expect(throws: JsonError.self) { try RawJson(text) }
    }
    for text in ["1", "\"a\"", "null", "[]", "{}", " [1, 2] "] {
      #expect(throws: Never.self) { try RawJson(text) }
    }
  }
}
