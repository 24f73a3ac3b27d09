/// How many requests may be under way at once: half as many when the server can not keep up, slowly more again. Pure.
package struct ConcurrencyLimit: Sendable {
  private let most: Double
  private var limit: Double

  package init(most: Int) {
    self.most = Double(max(1, most))
    limit = self.most
  }

  package var allowed: Int { Int(limit) }

  /// 429, or answers that take very long.
  package mutating func shrink() { limit = max(1, limit / 2) }

  /// A request was taken: one more after as many as are allowed.
  package mutating func grow() { limit = min(most, limit + 1 / limit) }
}
