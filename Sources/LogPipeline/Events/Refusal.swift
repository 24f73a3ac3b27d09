/// A frame that could not be taken: not a dead letter, it goes to `refused.ndjson`.
package struct Refusal: Error, Equatable, Sendable {
  package enum Reason: String, CaseIterable, Sendable {
    case notJson = "not_json"
    case notAnObject = "not_an_object"
    case notUtf8 = "not_utf8"
    case tooLong = "line_too_long"
    case tooDeep = "too_deep"
    case tooManyKeys = "too_many_keys"
    case notFinite = "not_a_finite_number"
  }
  package let reason: Reason
  /// Which frame of its unit (connection, body, file), from 1, blank lines not counted.
  package let frame: UInt64
  /// What is wrong, for a person; never the frame's content.
  package let message: String
  /// The first bytes of the frame, scrubbed, at most 64 KiB.
  package let scrubbed: [UInt8]
  /// Where its line begins in the file's content; nil where it came from no followed file.
  package let offsetBytes: UInt64?

  package init(
    reason: Reason, frame: UInt64, message: String, scrubbed: [UInt8], offsetBytes: UInt64? = nil
  ) {
    self.offsetBytes = offsetBytes
    self.reason = reason
    self.frame = frame
    self.message = message
    self.scrubbed = scrubbed
  }
}
