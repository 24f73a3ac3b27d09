/// One block of a lease, not read yet.
package struct LeasedBlock: Sendable {
  package let place: BlockPlace
  /// Items settled in an earlier lease; nil: none.
  package let settled: [Bool]?
}
