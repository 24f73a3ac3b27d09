/// Decides when a replay says how it stands, and in which words: one redrawn line on a terminal, else a plain line every 5 s.
///
/// No clock and no output of its own. It uses no colours, so NO_COLOR changes nothing.
package struct ReplayProgressText {
  package enum Style: Equatable, Sendable {
    case redrawn(columns: Int)
    case lines
    case quiet
  }
  private static let redrawEvery: Duration = .milliseconds(200)
  private static let lineEvery: Duration = .seconds(5)

  private let style: Style
  private let startedAt: MonotonicTime
  private var shownAt: MonotonicTime
  private var hasShown = false

  package init(style: Style, startedAt: MonotonicTime) {
    self.style = style
    self.startedAt = startedAt
    shownAt = startedAt
  }

  /// What is to be written now, or nil when it is too early.
  package mutating func update(_ progress: ReplayProgress, at now: MonotonicTime) -> String? {
    let elapsed = now.since(startedAt)
    switch style {
    case .quiet: return nil
    case .redrawn(let columns):
      guard !hasShown || now.since(shownAt) >= Self.redrawEvery else { return nil }
      hasShown = true
      shownAt = now
      // One column stays free: some terminals wrap a full line.
      return "\r" + Self.short(progress, elapsed).prefix(max(0, columns - 1)) + "\u{1B}[K"
    case .lines:
      guard now.since(shownAt) >= Self.lineEvery else { return nil }
      shownAt = now
      return Self.long(progress, elapsed) + "\n"
    }
  }

  /// Ends the redrawn line, so that what follows has one of its own.
  package func end(_ progress: ReplayProgress, at now: MonotonicTime) -> String {
    guard hasShown, case .redrawn(let columns) = style else { return "" }
    let line = Self.short(progress, now.since(startedAt))
    return "\r" + line.prefix(max(0, columns - 1)) + "\u{1B}[K\n"
  }

  private static func short(_ progress: ReplayProgress, _ elapsed: Duration) -> String {
    let left =
      progress.isStopping
      ? "  stopping" : progress.secondsLeft(elapsed).map { "  \(clock($0)) left" } ?? ""
    return "file \(progress.fileNumber)/\(progress.fileCount)  \(progress.percent) %"
      + "  \(count(progress.events)) events  \(count(progress.eventsPerSecond(elapsed)))/s\(left)"
      + "  \(count(progress.refused)) refused  \(count(settled(progress))) done"
  }

  private static func long(_ progress: ReplayProgress, _ elapsed: Duration) -> String {
    let left =
      progress.isStopping
      ? ", stopping" : progress.secondsLeft(elapsed).map { ", \(clock($0)) left" } ?? ""
    return "replay: file \(progress.fileNumber) of \(progress.fileCount), \(progress.percent) %, "
      + "\(progress.events) events, \(progress.eventsPerSecond(elapsed)) events/s\(left), "
      + "\(progress.refused) refused, \(settled(progress)) delivered"
  }

  private static func settled(_ progress: ReplayProgress) -> UInt64 {
    progress.delivered + progress.duplicate + progress.deadLettered
  }

  /// Four figures at most: "987", "12.3k", "4.56M".
  static func count(_ value: UInt64) -> String {
    guard value >= 10_000 else { return String(value) }
    var (unit, size): (String, UInt64) = ("k", 1000)
    if value >= 1_000_000 { (unit, size) = ("M", 1_000_000) }
    if value >= 1_000_000_000 { (unit, size) = ("G", 1_000_000_000) }
    let whole = value / size
    let decimals = whole >= 100 ? 0 : whole >= 10 ? 1 : 2
    let fraction = UtcTime.padded(Int(value % size * 1000 / size), 3).prefix(decimals)
    return fraction.isEmpty ? "\(whole)\(unit)" : "\(whole).\(fraction)\(unit)"
  }

  /// "0:42", "12:05", "3:07:09".
  static func clock(_ seconds: UInt64) -> String {
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60)
    let tail = UtcTime.padded(Int(seconds % 60), 2)
    return hours > 0 ? "\(hours):\(UtcTime.padded(Int(minutes), 2)):\(tail)" : "\(minutes):\(tail)"
  }
}
