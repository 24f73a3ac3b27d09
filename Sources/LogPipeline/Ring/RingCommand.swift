/// What other threads tell the ring thread. Never refused for want of room; blocks have a queue of their own.
enum RingCommand: Sendable {
  /// Look at the block queue, or the refused counter.
  case look
  case lease(LeaseRequest)
  /// The sender waits no longer: answer now.
  case cancel(LeaseRequest)
  case settle(Settlement, consumer: Int)
  case release([UInt64], consumer: Int)
  case quarantine(UInt64, consumer: Int)
  case relocate(UInt64, items: [Int], isParked: Bool)
  case recall
  case synced(SystemError?, took: Duration)
  /// Answer true once everything taken in is durable, false if that can not be.
  case drain(Mailbox<Bool>)
  case stopLeasing
  case close
}
