/// How a replay stands at one moment.
package struct ReplayProgress: Equatable, Sendable {
  /// From 1; 0 before the first.
  package var fileNumber = 0
  package var fileCount = 0
  /// Bytes of the files themselves, compressed ones as they lie there.
  package var bytesRead: UInt64 = 0
  package var bytesTotal: UInt64 = 0
  /// Of `bytesRead`: what an earlier run had replayed, and this one passed by.
  package var bytesPassed: UInt64 = 0
  /// Events taken in by this run.
  package var events: UInt64 = 0
  package var refused: UInt64 = 0
  /// Events settled in this run: delivered, already there, or dead letters.
  package var delivered: UInt64 = 0
  package var duplicate: UInt64 = 0
  package var deadLettered: UInt64 = 0
  /// A stop was asked for: no more is read, what was read is still delivered.
  package var isStopping = false

  package init() {}

  package var percent: Int {
    bytesTotal == 0 ? 100 : Int(min(bytesRead, bytesTotal) * 100 / bytesTotal)
  }

  package func eventsPerSecond(_ elapsed: Duration) -> UInt64 {
    elapsed > .zero ? UInt64(Double(events) / elapsed.inSeconds) : 0
  }

  /// By the bytes read so far; nil before anything can be said.
  package func secondsLeft(_ elapsed: Duration) -> UInt64? {
    let fresh = bytesRead - min(bytesRead, bytesPassed)
    guard fresh > 0, elapsed >= .seconds(1) else { return nil }
    let left = bytesTotal - min(bytesTotal, bytesRead)
    return UInt64((Double(left) * elapsed.inSeconds / Double(fresh)).rounded(.up))
  }
}
