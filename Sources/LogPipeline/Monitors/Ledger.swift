/// The two sums that always hold: `offered = accepted + refused + inHand` and
/// `accepted = delivered + duplicate + deadLettered + dropped + quarantined + erased + waiting`.
///
/// All are counts of events since the ring was made; offered restarts as accepted + refused after a crash.
package struct Ledger: Equatable, Sendable {
  package var offered: UInt64 = 0
  package var accepted: UInt64 = 0
  package var refused: UInt64 = 0
  /// Read from a sender, neither accepted nor refused yet.
  package var inHand: UInt64 = 0
  package var delivered: UInt64 = 0
  package var duplicate: UInt64 = 0
  package var deadLettered: UInt64 = 0
  package var dropped: UInt64 = 0
  package var quarantined: UInt64 = 0
  package var erased: UInt64 = 0
  package var waiting: UInt64 = 0

  package init() {}

  package var isOfferedBalanced: Bool { offered == accepted &+ refused &+ inHand }
  package var isAcceptedBalanced: Bool {
    accepted
      == delivered &+ duplicate &+ deadLettered &+ dropped &+ quarantined &+ erased &+ waiting
  }
}
