import Synchronization

/// What other threads tell an intake; each write is followed by a signal of the loop's wakeup.
final class IntakeSignals: Sendable {
  struct Stop: Sendable {
    let readUntil: MonotonicTime
    let answerUntil: MonotonicTime
  }

  private let durable = Atomic<UInt64>(0)
  private let readOnly = Atomic<Bool>(false)
  private let reloads = Atomic<Int>(0)
  private let finishing = Atomic<Bool>(false)
  private let stop = Mutex<Stop?>(nil)

  /// Only ever rises.
  func raiseDurable(to ticket: UInt64) { durable.max(ticket, ordering: .acquiringAndReleasing) }
  var durableTicket: UInt64 { durable.load(ordering: .acquiring) }

  func setReadOnly(_ value: Bool) { readOnly.store(value, ordering: .releasing) }
  var isReadOnly: Bool { readOnly.load(ordering: .acquiring) }

  /// Counts how often keys were to be read again.
  func requestReload() { reloads.add(1, ordering: .releasing) }
  var reloadCount: Int { reloads.load(ordering: .acquiring) }

  func requestStop(_ request: Stop) { stop.withLock { $0 = request } }
  var stopRequest: Stop? { stop.withLock { $0 } }

  func finishAnswers() { finishing.store(true, ordering: .releasing) }
  var isFinishing: Bool { finishing.load(ordering: .acquiring) }
}
