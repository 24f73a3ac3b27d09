/// Places of a content that was read, few and far enough apart, of which the first lies a whole occurrence window back.
struct FollowWindow: Equatable, Sendable {
  private static let windowFrames = UInt64(FrameUnit.windowFrames)
  /// Reading some more again is cheaper than keeping a place for each line.
  private static let stepFrames: UInt64 = 64

  private(set) var places: [FollowPlace]

  init(from place: FollowPlace) { places = [place] }

  /// The newest place with a whole window between it and the newest mark.
  var start: FollowPlace { places[0] }

  mutating func note(_ mark: FollowMark) {
    if let last = places.last, mark.frames >= last.frames + Self.stepFrames {
      places.append(FollowPlace(mark))
    }
    while places.count > 1, places[1].frames + Self.windowFrames <= mark.frames {
      places.removeFirst()
    }
  }
}
