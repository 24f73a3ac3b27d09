/// Whether the one sender that may go on while the input budget is spent goes on fast enough, for the others' sake:
/// a few bytes now and then are not enough.
struct StallWatch {
  /// Since when it is watched, and how many bytes it had sent then.
  private var mark: (time: MonotonicTime, bytes: Int)?

  /// It holds nobody up any more.
  mutating func reset() { mark = nil }

  /// Whether `span` has passed in which less than `bytesPerSecondMin` came; `bytes` is all it has sent so far.
  mutating func isStalled(
    at now: MonotonicTime, bytes: Int, span: Duration, bytesPerSecondMin: Int
  ) -> Bool {
    guard let (since, before) = mark else {
      mark = (now, bytes)
      return false
    }
    let elapsed = now.since(since)
    guard elapsed >= span else { return false }
    mark = (now, bytes)
    return Double(bytes - before) < elapsed.inSeconds * Double(max(1, bytesPerSecondMin))
  }
}
