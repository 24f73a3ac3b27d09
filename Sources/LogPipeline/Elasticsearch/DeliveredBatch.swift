/// Entries for ``DeliveredIds``, by day: what one answer has shown to be in its index.
package struct DeliveredBatch {
  /// Of the day that the last event was of: they come in runs.
  private var day: Int32 = 0
  private var fingerprints: [UInt64] = []
  private var others: [(day: Int32, fingerprints: [UInt64])] = []

  package init() {}

  package mutating func add(_ item: BlockItem) { add(day: item.day, fingerprint: item.fingerprint) }

  package mutating func add(day: Int32, fingerprint: UInt64) {
    if day != self.day { turn(to: day) }
    fingerprints.append(fingerprint)
  }

  /// Each day once, with what was added for it.
  package var days: [(day: Int32, fingerprints: [UInt64])] {
    (fingerprints.isEmpty ? [] : [(day, fingerprints)]) + others.filter { !$0.fingerprints.isEmpty }
  }

  private mutating func turn(to day: Int32) {
    others.append((self.day, fingerprints))
    fingerprints = []
    if let at = others.firstIndex(where: { $0.day == day }) {
      fingerprints = others.remove(at: at).fingerprints
    }
    self.day = day
  }
}
