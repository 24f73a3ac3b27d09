/// What was promised and what was found instead.
package struct SimulationFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// The step (counted from 0, of those that ran) after which it showed.
  package let step: Int
  package let found: String

  package init(step: Int, found: String) {
    self.step = step
    self.found = found
  }

  /// From a line that ends in a ``description``.
  package init?(told line: some StringProtocol) {
    let words = line.split(separator: " ", maxSplits: 5)
    guard words.count == 6, words[2] == "after", let step = Int(words[4].dropLast()) else {
      return nil
    }
    self.init(step: step, found: String(words[5]))
  }

  /// The same for failures that differ in their numbers alone.
  var sort: String { String(found.prefix(120).filter { !$0.isNumber }) }

  package var description: String { "after step \(step): \(found)" }
}
