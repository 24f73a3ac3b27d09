/// Indices that take nothing now, by their day (days since 1970). Their events wait, and one request at a time, of one
/// event, finds out whether the index takes again. Pure.
package struct ParkedIndices: Sendable {
  private struct Parked {
    var error: ItemError
    var probeAt: MonotonicTime
    var isProbing = false
  }
  private var days: [Int32: Parked] = [:]

  /// Beyond it an index is not parked: each of its events waits for itself.
  package static let most = 1_000

  package init() {}

  package var isEmpty: Bool { days.isEmpty }
  package func contains(_ day: Int32) -> Bool { days[day] != nil }

  /// The index took nothing: it is asked again from `probeAt` on.
  /// - Returns: false: there is no room for more.
  package mutating func park(_ day: Int32, _ error: ItemError, probeAt: MonotonicTime) -> Bool {
    guard days[day] != nil || days.count < Self.most else { return false }
    days[day] = Parked(error: error, probeAt: probeAt)
    return true
  }

  /// It took something.
  /// - Returns: whether it was parked.
  package mutating func unpark(_ day: Int32) -> Bool { days.removeValue(forKey: day) != nil }

  /// One of `waiting` whose time to be asked has come. It counts as asked until `park`, `unpark` or `endProbe`.
  package mutating func takeProbe(among waiting: some Sequence<Int32>, at now: MonotonicTime)
    -> Int32?
  {
    for day in waiting {
      guard let parked = days[day], !parked.isProbing, parked.probeAt <= now else { continue }
      days[day]?.isProbing = true
      return day
    }
    return nil
  }

  /// The probe came back without a word about the index.
  package mutating func endProbe(_ day: Int32, probeAt: MonotonicTime) {
    guard days[day]?.isProbing == true else { return }
    days[day]?.isProbing = false
    days[day]?.probeAt = probeAt
  }

  /// When the next of `waiting` may be asked.
  package func nextProbe(among waiting: some Sequence<Int32>) -> MonotonicTime {
    waiting.compactMap { days[$0] }.filter { !$0.isProbing }.map(\.probeAt).min() ?? .distantFuture
  }
}
