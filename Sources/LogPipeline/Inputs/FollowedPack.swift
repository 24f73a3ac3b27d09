/// A gzip file that lies where followed files do: a rotated one, read once and to its end. Confined to the follow thread.
final class FollowedPack {
  enum Step {
    /// Until its size stands still.
    case waiting
    /// Its content is compared with what is known of it, up to the mark.
    case comparing(InputFileContent, FollowComparison)
    /// What lies before the place to read from is passed.
    case skipping(InputFileContent, FollowMark)
    /// It is read from the mark on.
    case reading(InputFileContent, LineReader, FrameUnit)
    case done
  }

  let identity: FollowIdentity
  var path: String
  /// In the book; nil until it is known what it holds.
  var id: Int?
  var step = Step.waiting
  var isListed = true
  var sizeBytes: UInt64
  var modifiedNanoseconds: Int64
  var lastNews: MonotonicTime
  var trace = FollowTrace()
  var window = FollowWindow(from: FollowPlace())
  /// Passed over at the first look (`start: end`).
  let isPassedOver: Bool

  init(
    _ status: FileStatus, path: String, id: Int?, isPassedOver: Bool, at now: MonotonicTime
  ) {
    identity = FollowIdentity(status)
    (self.path, self.id, self.isPassedOver) = (path, id, isPassedOver)
    (sizeBytes, modifiedNanoseconds) = (status.sizeBytes, status.modifiedNanoseconds)
    lastNews = now
  }

  var isDone: Bool { if case .done = step { true } else { false } }
}
