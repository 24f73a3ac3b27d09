/// Everything that is wrong with a configuration, so that one look is enough to put it right.
package struct ConfigurationError: Error, Equatable, CustomStringConvertible {
  package let problems: [ConfigurationProblem]

  package init(problems: [ConfigurationProblem]) { self.problems = problems }

  package var description: String {
    let count = problems.count == 1 ? "1 error" : "\(problems.count) errors"
    return "The configuration has \(count); nothing was started and no event was touched.\n"
      + problems.map(\.description).joined(separator: "\n")
  }
}
