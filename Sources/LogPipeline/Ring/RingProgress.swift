/// How far the making of a ring's file is. Pure.
package struct RingProgress: Equatable, Sendable {
  package let writtenBytes: UInt64
  package let sizeBytes: UInt64
  package let elapsed: Duration

  package init(writtenBytes: UInt64, sizeBytes: UInt64, elapsed: Duration) {
    (self.writtenBytes, self.sizeBytes, self.elapsed) = (writtenBytes, sizeBytes, elapsed)
  }

  package var percent: Int {
    sizeBytes == 0 ? 100 : Int(Double(writtenBytes) / Double(sizeBytes) * 100)
  }

  /// 1,000,000 bytes each.
  package var megabytesPerSecond: Int {
    elapsed > .zero ? Int(Double(writtenBytes) / 1e6 / elapsed.inSeconds) : 0
  }

  /// At the speed until now; nil before anything is written.
  package var secondsLeft: UInt64? {
    guard writtenBytes > 0, elapsed > .zero else { return nil }
    let perSecond = Double(writtenBytes) / elapsed.inSeconds
    return UInt64((Double(sizeBytes - min(sizeBytes, writtenBytes)) / perSecond).rounded(.up))
  }
}
