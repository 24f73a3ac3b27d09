/// What one history came to.
package struct SimulationResult: Sendable {
  package let failure: SimulationFailure?
  package let counts: FaultCounts
  package let stepsRun: Int
}
