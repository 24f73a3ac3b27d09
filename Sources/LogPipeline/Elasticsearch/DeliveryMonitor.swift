import Synchronization

/// Where senders note what they do, and others read it. Safe from any thread.
final class DeliveryMonitor: Sendable {
  private struct Held {
    var snapshot = DeliverySnapshot()
    var heldItems: [Int]
    var parked: [Int32: (index: String, reason: String)] = [:]
  }
  private let held: Mutex<Held>

  init(senders: Int) {
    var first = Held(heldItems: [Int](repeating: 0, count: senders))
    first.snapshot.states = [DeliverySnapshot.State](repeating: .starting, count: senders)
    held = Mutex(first)
  }

  func update(_ change: (inout DeliverySnapshot) -> Void) {
    held.withLock { change(&$0.snapshot) }
  }

  func setState(_ state: DeliverySnapshot.State, of sender: Int) {
    held.withLock { $0.snapshot.states[sender] = state }
  }

  func setHeld(items: Int, of sender: Int) { held.withLock { $0.heldItems[sender] = items } }

  func setHosts(_ hosts: [DeliverySnapshot.Host]) { held.withLock { $0.snapshot.hosts = hosts } }

  func park(_ day: Int32, index: String, reason: String) {
    held.withLock { $0.parked[day] = (index, reason) }
  }

  /// - Returns: the index's name, if it was parked.
  func unpark(_ day: Int32) -> String? {
    held.withLock { $0.parked.removeValue(forKey: day)?.index }
  }

  func noteRequest(_ body: BulkBody, took: Duration) {
    update {
      $0.requests += 1
      $0.rawBytes += UInt64(body.rawBytes)
      $0.wireBytes += UInt64(body.bytes.count)
      $0.requestSeconds += took.inSeconds
    }
  }

  func noteDelivered(_ items: Int, duplicates: Int) {
    update {
      $0.delivered += UInt64(items)
      $0.duplicates += UInt64(duplicates)
    }
  }

  func count(_ items: Int, _ cause: RetryCause) {
    update { $0.retries[cause, default: 0] += UInt64(items) }
  }

  var snapshot: DeliverySnapshot {
    held.withLock { held in
      var snapshot = held.snapshot
      snapshot.heldItems = held.heldItems.reduce(0, +)
      for (index, reason) in held.parked.values { snapshot.parkedIndices[index] = reason }
      return snapshot
    }
  }
}
