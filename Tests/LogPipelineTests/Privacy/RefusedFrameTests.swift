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
    ("card 4111 1111 1111 1111 of SSN 123-45-6789", "[REDACTED]"),
    (
      #"{"ssn":123-45-6789,"from":2026-11,"cost":-1.5e-07}"#,
      #"{"ssn":[REDACTED],"from":[REDACTED],"cost":-1.5e-07}"#
    ),
    (#"{"n": 4111 1111 1111 1111 }"#, #"{"n": [REDACTED] }"#),
    (#"{"sk-ant-api03-abcdefghijklmnopqrstuvwxyz012345":1"#, #"{"[REDACTED]":1"#),
  ])
  func `of a refused frame the shape is kept and no content`(frame: String, shape: String) {
    #expect(String(decoding: RefusedFrame.shape(of: Array(frame.utf8)), as: UTF8.self) == shape)
  }

  @Test func `bytes that are no text leave ASCII only`() {
    let shape = RefusedFrame.shape(of: [0x7B, 0x00, 0xFF, 0xC3, 0x28, 0x22, 0x5C])
    #expect(shape.allSatisfy { $0 < 0x80 && $0 >= 0x20 })
  }
}
