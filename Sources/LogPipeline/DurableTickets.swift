import Synchronization

/// Tells each intake what the ring made durable. The ring is opened before the intakes exist, so it reports here.
final class DurableTickets: Sendable {
  private let intakes = Mutex<[any TicketTaking]>([])

  /// Intakes are connected in the order of their numbers, from 0.
  func connect(_ intake: any TicketTaking) { intakes.withLock { $0.append(intake) } }

  func announce(intake: Int, ticket: UInt64) {
    let known = intakes.withLock { $0.indices.contains(intake) ? $0[intake] : nil }
    known?.ticketDurable(ticket)
  }

  func announceRoom() {
    for intake in intakes.withLock({ $0 }) { intake.roomAppeared() }
  }
}
