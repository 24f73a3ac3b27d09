/// From where a file must be read again so that equal frames behind its mark keep their ids.
package struct FollowPlace: Equatable, Sendable {
  package var offsetBytes: UInt64 = 0
  package var lines: UInt64 = 0
  package var frames: UInt64 = 0

  package init() {}
  package init(_ mark: FollowMark) {
    (offsetBytes, lines, frames) = (mark.offsetBytes, mark.lines, mark.frames)
  }
}
