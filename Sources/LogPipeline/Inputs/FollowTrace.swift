/// A mark that moves along a content as it is read, with the bytes it is known by.
struct FollowTrace: Equatable, Sendable {
  private(set) var mark = FollowMark()
  private(set) var head: [UInt8] = []
  private(set) var tail: [UInt8] = []

  init() {}

  /// Goes on at a mark that was found to fit.
  init(at mark: FollowMark, head: [UInt8], tail: [UInt8]) {
    (self.mark, self.head, self.tail) = (mark, head, tail)
  }

  /// Zeros at the content's beginning.
  mutating func passZeros(_ count: Int) {
    mark.baseBytes += UInt64(count)
    mark.offsetBytes += UInt64(count)
  }

  /// Whole lines; `lines` and `frames` are what lies before the new place.
  mutating func pass(_ bytes: UnsafeRawBufferPointer, lines: UInt64, frames: UInt64) {
    if UInt64(head.count) == mark.offsetBytes - mark.baseBytes,
      head.count < FollowMark.headBytesMax
    {
      unsafe head += bytes.prefix(FollowMark.headBytesMax - head.count)
      mark.headBytes = head.count
      mark.headHash = FollowMark.hash(head)
    }
    if bytes.count >= FollowMark.tailBytesMax {
      tail = unsafe Array(bytes.suffix(FollowMark.tailBytesMax))
    } else {
      tail = unsafe Array((tail + bytes).suffix(FollowMark.tailBytesMax))
    }
    mark.offsetBytes += UInt64(bytes.count)
    mark.tailBytes = tail.count
    mark.tailHash = FollowMark.hash(tail)
    (mark.lines, mark.frames) = (lines, frames)
  }

  /// Over a stretch whose bytes were not kept: a line over the limit, or what was there before the start.
  mutating func jump(
    to offsetBytes: UInt64, head newHead: [UInt8], tail newTail: [UInt8], lines: UInt64,
    frames: UInt64
  ) {
    if UInt64(head.count) == mark.offsetBytes - mark.baseBytes {
      head = newHead
      mark.headBytes = head.count
      mark.headHash = FollowMark.hash(head)
    }
    tail = newTail
    mark.offsetBytes = offsetBytes
    mark.tailBytes = tail.count
    mark.tailHash = FollowMark.hash(tail)
    (mark.lines, mark.frames) = (lines, frames)
  }
}
