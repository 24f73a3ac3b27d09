import CSimdjson

/// Finds where frames begin in a piece of lines; asked in their order, all of them cost one walk.
struct FollowFrameCursor {
  private var frames: UInt64
  private var at = 0
  private var frameOffset = 0

  /// `frames`: how many came before the piece.
  init(frames: UInt64) { self.frames = frames }

  /// Where the frame of this number begins; it is in the piece.
  mutating func offset(of frame: UInt64, in bytes: UnsafeRawBufferPointer) -> Int {
    guard let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else {
      return 0
    }
    var found = cjson_frame()
    while frames < frame, unsafe cjson_next_line(start, bytes.count, &at, &found) != 0 {
      frames += 1
      frameOffset = found.offset
    }
    return frameOffset
  }
}
