/// Where the ring's file lies, how fast it syncs there, and whether it is still the one at its path; a copy.
package struct RingFileState: Sendable {
  package let volume: RingVolume
  package let syncTimes: SyncTimes
  /// It was removed or replaced while in use: what was taken in till then is still delivered.
  package let isGone: Bool

  package init(volume: RingVolume, syncTimes: SyncTimes, isGone: Bool) {
    (self.volume, self.syncTimes, self.isGone) = (volume, syncTimes, isGone)
  }

  /// One short line: "ext4 on /dev/vda, barriers on, fdatasync p50 0.9 ms, p99 2.4 ms".
  package var durability: String {
    var text = volume.text
    if let p50 = syncTimes.percentile(50), let p99 = syncTimes.percentile(99) {
      text += ", fdatasync p50 \(Self.shown(p50)), p99 \(Self.shown(p99))"
    }
    if let reason = volume.forgetsBecause {
      text += "; WARNING: power loss loses what was accepted: \(reason)"
    }
    return text + volume.warnings.map { "; WARNING: \($0)" }.joined()
  }

  /// Milliseconds with two figures that count: "0.043 ms", "0.9 ms", "12 ms".
  package static func shown(_ time: Duration) -> String {
    let microseconds = max(0, time.nanoseconds / 1000)
    if microseconds >= 10_000 { return "\((microseconds + 500) / 1000) ms" }
    let (unit, digits): (Int64, Int) = microseconds >= 100 ? (100, 1) : (1, 3)
    let rounded = (microseconds + unit / 2) / unit
    let perMillisecond = 1000 / unit
    return
      "\(rounded / perMillisecond).\(UtcTime.padded(Int(rounded % perMillisecond), digits)) ms"
  }
}
