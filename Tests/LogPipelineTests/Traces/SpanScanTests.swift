import LogPipeline
import Testing

/// Goal: spans are found in a body however many there are, and whatever their texts end with.
/// Method: bodies put together here, and each span's frame looked at.
@Suite struct SpanScanTests {
  /// Each span's frame, by its `spanId`.
  private static func frames(_ spans: [String]) throws -> [JsonValue] {
    let body = Array(
      #"{"resourceSpans":[{"scopeSpans":[{"spans":[\#(spans.joined(separator: ","))]}]}]}"#.utf8)
    let scan = SpanFrames(.json, spanBytesMax: 1 << 20)
    var lines: [[UInt8]] = []
    var isBroken = false
    unsafe body.withUnsafeBytes { body in
      while !scan.isEnded, !isBroken {
        let fault = unsafe scan.goOn(in: body) { frame in
          if case .call(let bytes) = frame { lines.append(unsafe Array(bytes)) }
        }
        isBroken = fault != nil
      }
    }
    #expect(!isBroken)
    return try lines.map { try JsonValue.parse($0) }
  }

  private static func span(_ id: String, _ value: String) -> String {
    #"{"spanId":"\#(id)","startTimeUnixNano":"1795217816420391300","attributes":["#
      + #"{"key":"gen_ai.request.model","value":{"stringValue":"\#(value)"}},"#
      + #"{"key":"x]}","value":{"stringValue":"{[\""}}]}"#
  }

  @Test func `a body has more spans than ends of brackets are remembered`() throws {
    let count = 20_000
    let frames = try Self.frames((0..<count).map { Self.span("\($0)", "gpt-4.1") })
    #expect(frames.count == count)
    #expect(frames.last?["spanId"]?.string == "\(count - 1)")
    #expect(frames.last?["x]}"]?.string == "{[\"")
  }

  @Test func `backslashes before a quote escape it or one another`() throws {
    for count in 0..<9 {
      let written = String(repeating: #"\\"#, count: count)
      for quote in ["", #"\""#, #"\"\\"#, #"\\\""#] {
        let frames = try Self.frames([Self.span("a", written + quote), Self.span("b", "m")])
        try #require(frames.count == 2, "\(written)\(quote)")
        let expected = try JsonValue.parse(Array(#"["\#(written)\#(quote)"]"#.utf8))[0]?.string
        #expect(frames[0]["gen_ai.request.model"]?.string == expected)
      }
    }
  }
}
