/// A way of being served that has rates of its own; the standard way is `nil`.
package enum ServiceTier: String, Sendable, CaseIterable {
  case flex, priority, batch

  /// - Parameter name: as a provider writes it, any case; "default", "standard" and what is unknown are the standard tier.
  package init?(named name: String) {
    self.init(rawValue: name.lowercased())
  }
}
