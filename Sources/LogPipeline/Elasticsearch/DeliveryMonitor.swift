import Synchronization

/// Where senders note what they do, and others read it. Safe from any thread.
final class DeliveryMonitor: Sendable {
  private struct Held {
    var snapshot = DeliverySnapshot()
    var heldItems: [Int]
    var parked: [[String: String]]
  }
  private let held: Mutex<Held>

  init(senders: Int) {
    var first = Held(
      heldItems: [Int](repeating: 0, count: senders),
      parked: [[String: String]](repeating: [:], count: senders))
    first.snapshot.states = [DeliverySnapshot.State](repeating: .starting, count: senders)
    held = Mutex(first)
  }

  func update(_ change: (inout DeliverySnapshot) -> Void) {
    held.withLock { change(&$0.snapshot) }
  }

  func setState(_ state: DeliverySnapshot.State, of sender: Int) {
    held.withLock { $0.snapshot.states[sender] = state }
  }

  func setHeld(items: Int, parked: [String: String], of sender: Int) {
    held.withLock {
      $0.heldItems[sender] = items
      $0.parked[sender] = parked
    }
  }

  var snapshot: DeliverySnapshot {
    held.withLock { held in
      var snapshot = held.snapshot
      snapshot.heldItems = held.heldItems.reduce(0, +)
      for parked in held.parked { snapshot.parkedIndices.merge(parked) { first, _ in first } }
      return snapshot
    }
  }
}
