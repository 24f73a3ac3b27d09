/// One followed file that is not gzip, as it stands now. Confined to the follow thread.
final class FollowedFile {
  let identity: FollowIdentity
  /// Of its content in the book; a truncation begins another one.
  var id: Int
  var path: String
  /// Where it really lies, when its path is a link.
  var folder: String
  var descriptor: FollowHandle?
  var trace: FollowTrace
  var window: FollowWindow
  /// Made when the first line is taken.
  var unit: FrameUnit?
  var generation: UInt64

  var sizeBytes: UInt64 = 0
  var modifiedNanoseconds: Int64 = 0
  /// When it last grew, was found, or lost its path: silence is counted from here.
  var lastNews: MonotonicTime
  /// A path leads to it.
  var isListed = true
  /// Renamed, or called so: nobody is expected to go on with it.
  var isRotated = false
  /// Its content must be looked at before it is read: it may be another file's by now.
  var isDoubtful = false
  /// No line ends before it and behind the mark.
  var searchedBytes: UInt64 = 0
  /// The line that begins at the mark is over the limit: its end is looked for.
  var isSkipping = false
  var hasWarnedOfUtf16 = false

  init(
    _ identity: FollowIdentity, id: Int, path: String, folder: String, entry: FollowEntry,
    at now: MonotonicTime
  ) {
    (self.identity, self.id, self.path, self.folder) = (identity, id, path, folder)
    trace = FollowTrace()
    window = FollowWindow(from: entry.window)
    generation = entry.generation
    lastNews = now
  }

  var mark: FollowMark { trace.mark }

  /// Of the open file.
  func bytes(at offset: UInt64, count: Int) throws(SystemError) -> [UInt8] {
    try descriptor?.bytes(at: offset, count: count) ?? []
  }

  /// Bytes that are there and were not read.
  var behindBytes: UInt64 { sizeBytes > mark.offsetBytes ? sizeBytes - mark.offsetBytes : 0 }

  /// Goes on at a mark that fits the open file.
  func resume(at mark: FollowMark, window place: FollowPlace) throws(SystemError) {
    guard let descriptor else { return }
    trace = FollowTrace(
      at: mark, head: try descriptor.bytes(at: mark.baseBytes, count: mark.headBytes),
      tail: try descriptor.bytes(
        at: mark.offsetBytes - UInt64(mark.tailBytes), count: mark.tailBytes))
    window = FollowWindow(from: place)
    forgetSearch()
    unit = nil
  }

  /// Begins with another content in the same file.
  func restart(id: Int) {
    self.id = id
    trace = FollowTrace()
    window = FollowWindow(from: FollowPlace())
    generation = 0
    unit = nil
    forgetSearch()
  }

  func forgetSearch() {
    searchedBytes = mark.offsetBytes
    isSkipping = false
  }

  /// Lets the file go; it is opened again when it has grown.
  func close() {
    descriptor = nil
    unit = nil
  }
}
