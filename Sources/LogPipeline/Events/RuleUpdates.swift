import Synchronization

/// Rules and prices that change while events pass: each thread that makes events takes them over before its next buffer.
package final class RuleUpdates: Sendable {
  private let version = Atomic<Int>(0)
  private let newest = Mutex<(rules: EventRules, prices: PriceBooks)?>(nil)

  package init() {}

  /// For every event that is read from now on.
  package func publish(_ rules: EventRules, _ prices: PriceBooks) {
    newest.withLock { $0 = (rules, prices) }
    version.add(1, ordering: .releasing)
  }

  /// nil: nothing new since `seen`. One relaxed look then.
  @inline(__always)
  func newer(than seen: inout Int) -> (rules: EventRules, prices: PriceBooks)? {
    guard version.load(ordering: .relaxed) != seen else { return nil }
    seen = version.load(ordering: .acquiring)
    return newest.withLock { $0 }
  }
}
