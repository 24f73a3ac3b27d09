/// Why the agent did not start. Nothing was taken in, so nothing was lost.
package struct AgentError: Error, CustomStringConvertible {
  /// What an operator did or set that can not work; else it is the machine's doing.
  package let isConfiguration: Bool
  package let description: String

  init(_ description: String, isConfiguration: Bool = false) {
    self.description = description
    self.isConfiguration = isConfiguration
  }
}
