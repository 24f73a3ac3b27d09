import CSimdjson

/// What is known of a frame before its document is written.
struct PreparedFrame {
  var fields: FrameFields
  var facts = EventFacts()
  /// Known once the facts are.
  var stamp = FrameStamp(
    id: EventId(high: 0, low: 0), time: EventTime(clamping: 0), isArrivalTime: false, day: 0,
    isTimeClamped: false, isRepaired: false)
  let content: EventId
  /// An equal frame came before it.
  var isRepeated = false
}

/// Room for the frames that are read at once.
///
/// What they say is worked out for all of them, then their documents are written: each of the two programs fits into the
/// processor's cache for instructions, both together do not.
@safe struct PreparedFrames: ~Copyable {
  let frames: UnsafeMutablePointer<PreparedFrame>
  /// The hashes of all, those of refused ones too.
  let contents: UnsafeMutablePointer<EventId>

  init() {
    unsafe frames = .allocate(capacity: Int(cjson_frames_max))
    unsafe contents = .allocate(capacity: Int(cjson_frames_max))
  }

  deinit {
    unsafe frames.deallocate()
    unsafe contents.deallocate()
  }
}
