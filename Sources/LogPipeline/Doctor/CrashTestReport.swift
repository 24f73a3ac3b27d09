/// What a crash test found.
package struct CrashTestReport: Sendable {
  private static let faultsMax = 10

  package let directory: String
  package let volume: RingVolume
  package let roundsAsked: Int
  package internal(set) var rounds = 0
  /// Writers that were still at work when they were killed.
  package internal(set) var kills = 0
  package internal(set) var acknowledged: UInt64 = 0
  /// Read back and settled; more than were acknowledged, since a kill can come between a sync and its telling.
  package internal(set) var found: UInt64 = 0
  package internal(set) var lost: UInt64 = 0
  package internal(set) var invented: UInt64 = 0
  package internal(set) var doubled: UInt64 = 0
  package internal(set) var quarantined: UInt64 = 0
  package internal(set) var areSumsExact = true
  /// The first few, in words.
  package private(set) var faults: [String] = []
  /// Of each commit.
  package internal(set) var syncs: [Duration] = []
  package internal(set) var elapsed = Duration.zero

  package init(directory: String, volume: RingVolume, roundsAsked: Int) {
    (self.directory, self.volume, self.roundsAsked) = (directory, volume, roundsAsked)
  }

  mutating func add(_ fault: String) {
    if faults.count < Self.faultsMax { faults.append(fault) }
  }

  /// Whether every kill was survived as promised.
  package var survivesKills: Bool {
    faults.isEmpty && lost == 0 && invented == 0 && doubled == 0 && areSumsExact
  }

  /// Nor is it a disk that is known to forget at power loss.
  package var holds: Bool { survivesKills && volume.forgetsBecause == nil }

  /// What this share (1 to 100) of the commits did not pass; nil without commits.
  package func sync(percent: Int) -> Duration? {
    let sorted = syncs.sorted()
    guard !sorted.isEmpty else { return nil }
    return sorted[max(0, (sorted.count * percent + 99) / 100 - 1)]
  }
}
