/// Whoever hands blocks to the ring and wants to know what became of them. Called from the ring's thread.
package protocol TicketTaking: AnyObject, Sendable {
  /// All of its blocks up to `ticket` are on disk. Cheap.
  func ticketDurable(_ ticket: UInt64)
  /// The sink has room again after it had refused a block.
  func roomAppeared()
}
