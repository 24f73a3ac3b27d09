/// How large bodies are made: smaller when the server can not keep up, slowly larger again, never over a limit it has
/// shown, unless that was long ago. Pure.
package struct BodySize: Sendable {
  private let bytesMin: Int
  private let bytesMax: Int
  private var ceilingBytes: Int
  /// When the ceiling may rise: the limit may have been raised meanwhile.
  private var ceilingUntil = MonotonicTime.distantFuture
  package private(set) var targetBytes: Int
  private static let slowRequest: Duration = .seconds(10)
  /// How long a limit is believed; then one larger body finds out.
  package static let ceilingAge: Duration = .seconds(900)

  package init(bytesMax: Int) {
    self.bytesMax = bytesMax
    bytesMin = min(256 << 10, bytesMax)
    ceilingBytes = bytesMax
    targetBytes = bytesMax
  }

  /// 429, or bodies that end in a reset again and again: half as much.
  package mutating func shrink() { targetBytes = max(min(bytesMin, ceilingBytes), targetBytes / 2) }

  /// Whether an answer took so long that the server is at its limit.
  package static func isSlow(_ took: Duration) -> Bool { took > slowRequest }

  /// A body was taken: a twentieth more, unless it took long.
  package mutating func noteSuccess(took: Duration, at now: MonotonicTime) {
    if Self.isSlow(took) { return shrink() }
    if now >= ceilingUntil {
      ceilingBytes = min(bytesMax, ceilingBytes * 2)
      ceilingUntil = ceilingBytes < bytesMax ? now + Self.ceilingAge : .distantFuture
    }
    targetBytes = min(ceilingBytes, targetBytes + bytesMax / 20)
  }

  /// 413: bodies of this size do not pass.
  package mutating func noteTooLarge(rawBytes: Int, at now: MonotonicTime) {
    ceilingBytes = max(1, min(ceilingBytes, rawBytes / 2))
    ceilingUntil = now + Self.ceilingAge
    targetBytes = min(targetBytes, ceilingBytes)
  }
}
