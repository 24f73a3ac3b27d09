/// What was promised and what was found instead.
package struct SimulationFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// The step (counted from 0, of those that ran) after which it showed.
  package let step: Int
  package let found: String

  package init(step: Int, found: String) {
    self.step = step
    self.found = found
  }

  /// The same for failures that differ in their numbers alone.
  var sort: String { String(found.prefix(45).filter { !$0.isNumber }) }

  package var description: String { "after step \(step): \(found)" }
}
