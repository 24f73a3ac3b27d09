/// How the inputs' certificate stands.
package struct TlsSnapshot: Equatable, Sendable {
  package let subject: String
  /// Until the first certificate of the chain ends; below zero: since.
  package let secondsLeft: Int64
  /// Times a changed file was taken, and could not be.
  package let renewals: UInt64
  package let renewalsFailed: UInt64
  /// Why the newest files are not used; nil: they are.
  package let trouble: String?
}
