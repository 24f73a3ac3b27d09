/// One block of a lease, not read yet.
package struct LeasedBlock: Sendable {
  package let place: BlockPlace
  /// Items settled in an earlier lease; nil: none.
  package let settled: [Bool]?
  /// See ``StoredBlock/isCopy``.
  package let isCopy: Bool

  package init(
    place: BlockPlace, settled: [Bool]?, isCopy: Bool = false
  ) {
    self.place = place
    self.settled = settled
    self.isCopy = isCopy
  }
}
