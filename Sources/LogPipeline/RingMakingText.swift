/// Says how far the making of a ring's file is: one redrawn line on a terminal, else lines of the log at each quarter.
struct RingMakingText {
  /// Smaller ones are there before anybody wonders.
  private static let tellFromBytes: UInt64 = 256 << 20
  private static let redrawEvery: Duration = .milliseconds(200)

  private let style: ReplayProgressText.Style
  private let path: String
  private var shownAt: Duration?
  private var quarters: UInt64?

  init(style: ReplayProgressText.Style, path: String) {
    (self.style, self.path) = (style, path)
  }

  /// What is to be written to the terminal now; nil: nothing.
  mutating func update(_ progress: RingProgress) -> String? {
    guard progress.sizeBytes >= Self.tellFromBytes else { return nil }
    guard case .redrawn(let columns) = style else {
      tellQuarters(progress)
      return nil
    }
    if let shownAt, progress.elapsed - shownAt < Self.redrawEvery { return nil }
    shownAt = progress.elapsed
    // One column stays free: some terminals wrap a full line.
    return "\r" + Self.line(progress).prefix(max(0, columns - 1)) + "\u{1B}[K"
  }

  /// Takes the redrawn line away.
  func end() -> String { shownAt == nil ? "" : "\r\u{1B}[K" }

  static func line(_ progress: RingProgress) -> String {
    let left = progress.secondsLeft.map { "  \(ReplayProgressText.clock($0)) left" } ?? ""
    return "making the ring, once: \(progress.percent) % of \(progress.sizeBytes >> 20) MiB"
      + "  \(progress.megabytesPerSecond) MB/s\(left)"
  }

  private mutating func tellQuarters(_ progress: RingProgress) {
    let now = progress.writtenBytes * 4 / max(1, progress.sizeBytes)
    guard now != quarters else { return }
    let isFirst = quarters == nil
    quarters = now
    if isFirst {
      Log.info(
        "Making the ring, once: the whole file is written with zeros, so that the disk can not run full later; nothing is taken in before that is done",
        ("path", path), ("bytes", "\(progress.sizeBytes)"))
    } else {
      Log.info(
        "Making the ring", ("percent", "\(now * 25)"),
        ("megabytes_per_second", "\(progress.megabytesPerSecond)"),
        ("seconds_left", "\(progress.secondsLeft ?? 0)"))
    }
  }
}
