/// Watches how many events become dead letters: many at once mean a broken mapping, not broken events.
package struct DeadShare: Sendable {
  private static let window = 10_000
  private let shareMax: Double
  private var judged = 0
  private var dead = 0
  /// While set no dead letters are written; their events are kept and tried again slowly.
  package private(set) var isTripped = false

  /// - Parameter shareMax: 1 or more: no share is too much.
  package init(shareMax: Double) { self.shareMax = shareMax }

  /// Counts one request's items; say before any of them becomes a dead letter.
  package mutating func note(judged newJudged: Int, dead newDead: Int) {
    guard shareMax < 1 else { return }
    judged += newJudged
    dead += newDead
    if isTripped {
      // Open again once a whole request stays under the share.
      if Double(newDead) <= Double(newJudged) * shareMax {
        (isTripped, judged, dead) = (false, 0, 0)
      }
      return
    }
    if Double(dead) > Double(Self.window) * shareMax { isTripped = true }
    if judged >= Self.window { (judged, dead) = (0, 0) }
  }
}
