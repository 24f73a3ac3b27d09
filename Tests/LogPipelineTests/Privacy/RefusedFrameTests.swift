import LogPipeline
import Testing

@Suite struct RefusedFrameTests {
  @Test(arguments: [
    (
      #"{"model": "gpt-4.1", "usage": {"total_tokens": 12}"#,
      #"{"model": "[REDACTED]", "usage": {"total_tokens": 12}"#
    ),
    (#"{"v":NaN,"ok":true}"#, #"{"v":NaN,"ok":true}"#),
    ("a stray line of a stack trace", "[REDACTED]"),
    (#"{"content":"never ends and tells a lot"#, #"{"content":[REDACTED]"#),
    (#"{"card": 4111111111111111}"#, #"{"card": [REDACTED]}"#),
    (#"{"what did Jane say?": 1}"#, #"{"[REDACTED]": 1}"#),
    (#"{"a":"x\"y: secret"} tail words"#, #"{"a":"[REDACTED]"} [REDACTED]"#),
    ("[1,2,3]", "[1,2,3]"),
  ])
  func `of a refused frame the shape is kept and no content`(frame: String, shape: String) {
    #expect(String(decoding: RefusedFrame.shape(of: Array(frame.utf8)), as: UTF8.self) == shape)
  }

  @Test func `bytes that are no text leave ASCII only`() {
    let shape = RefusedFrame.shape(of: [0x7B, 0x00, 0xFF, 0xC3, 0x28, 0x22, 0x5C])
    #expect(shape.allSatisfy { $0 < 0x80 && $0 >= 0x20 })
  }
}
