/// One decision of a history. It carries all it needs, so that others can be cut out without changing it.
package struct SimulationStep: Sendable, CustomStringConvertible {
  package enum Kind: UInt8, CaseIterable, Sendable {
    case append, close, beginSync, endSync, commit, lease, settle, release, pass, refuse
    case burst, relocate, housekeep, quarantine, reseat, ahead
    case powerCut, kill, stopLater, stopInRecovery, cleanStop
    case syncFault, lie, writeFault, rot, unreadable, away, awaySoon, slow, writeBack, holdCache,
      wreck
  }

  package let kind: Kind
  /// Decides what the kind leaves open.
  package let entropy: UInt64

  package var description: String {
    let digits = String(entropy, radix: 16)
    return "\(kind) \(digits)"
  }
}
