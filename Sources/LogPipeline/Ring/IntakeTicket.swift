/// The newest block of an intake among some: all its earlier ones are before it.
package struct IntakeTicket: Equatable, Sendable {
  package let intake: Int
  package let ticket: UInt64
}
