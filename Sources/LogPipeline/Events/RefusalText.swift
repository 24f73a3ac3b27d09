import CSimdjson

/// Why a frame was refused, for the one who looks after its sender.
enum RefusalText {
  static func of(_ frame: cjson_frame, _ rules: EventRules) -> (Refusal.Reason, String) {
    switch Int(frame.status) {
    case cjson_not_object:
      (.notAnObject, "This is JSON, but no object: an event is one {...}.")
    case cjson_not_utf8:
      (.notUtf8, "The bytes are not UTF-8 (UTF-16 or Latin-1?): have the sender write UTF-8.")
    case cjson_too_long:
      (
        .tooLong,
        "The frame has \(frame.length) bytes; inputs.tcp.line_max allows \(rules.lineBytesMax)."
      )
    case cjson_no_memory:
      (.tooLong, "There was no memory for this frame of \(frame.length) bytes.")
    case cjson_too_deep:
      (.tooDeep, "Objects and arrays are nested deeper than \(rules.depthMax) levels.")
    case cjson_too_many_keys:
      (.tooManyKeys, "It has more than \(rules.keysMax) keys outside of message content.")
    case cjson_not_finite:
      (
        .notFinite,
        "It holds a number that JSON does not have (NaN, Infinity, or beyond a double's range)."
      )
    default: (.notJson, "This is not JSON: \(detail(frame)).")
    }
  }

  /// Of an event whose lines, as they would be stored, are more than the ring takes at once.
  static func tooLarge(linesBytes: Int, _ rules: EventRules) -> String {
    "As a document the event has \(linesBytes) bytes; the ring takes at most \(rules.storedBytesMax). A lower inputs.event_max (now \(rules.eventBytesMax)) leaves out what makes it large."
  }

  /// simdjson's own reason in other words.
  private static func detail(_ frame: cjson_frame) -> String {
    switch frame.error_code {
    case 5: "a string holds an escape that does not exist"
    case 6, 7, 8: "a word other than true, false and null stands where a value should"
    case 9: "a number is malformed"
    case 13: "a string holds a raw control character (it must be escaped)"
    case 14: "a string has no end (was the line cut?)"
    default:
      "the brackets, commas or quotes do not fit (was the line cut, or is there text behind it?)"
    }
  }
}
