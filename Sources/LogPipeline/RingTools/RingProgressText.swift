/// One redrawn line that says how far a tool is, on a terminal and only for what takes a while. No clock of its own.
package struct RingProgressText {
  private static let redrawEvery: Duration = .milliseconds(200)
  private static let quietFor: Duration = .milliseconds(500)

  private let startedAt: MonotonicTime
  private var shownAt: MonotonicTime
  private var hasShown = false

  package init(startedAt: MonotonicTime) {
    (self.startedAt, shownAt) = (startedAt, startedAt)
  }

  /// What is to be written now; nil: too early.
  package mutating func update(
    _ what: String, doneBytes: UInt64, ofBytes: UInt64, at now: MonotonicTime
  ) -> String? {
    guard now.since(startedAt) >= Self.quietFor,
      !hasShown || now.since(shownAt) >= Self.redrawEvery
    else { return nil }
    (shownAt, hasShown) = (now, true)
    let percent = ofBytes == 0 ? 100 : Int(Double(doneBytes) / Double(ofBytes) * 100)
    return "\r\(what) \(percent) % of \(TextAmount.bytes(ofBytes))\u{1B}[K"
  }

  /// Takes the line away.
  package mutating func end() -> String {
    defer { hasShown = false }
    return hasShown ? "\r\u{1B}[K" : ""
  }
}
