import Synchronization

/// What all senders of a delivery share. Immutable, or safe from any thread.
final class DeliveryContext: Sendable {
  enum Message: Sendable { case templateReady }

  let settings: ElasticsearchConfiguration
  let source: any BlockSource
  let deadLetters: DeadLetterWriter
  let template: IndexTemplate?
  /// nil: not recorded.
  let delivered: DeliveredIds?
  let clock: any Clock
  /// Held for a decision, never across a request.
  let board: Mutex<DeliveryBoard>
  let monitor: DeliveryMonitor
  let stop = StopSignal()
  /// Goes up when credentials are to be read again.
  let reloads = Atomic<Int>(0)
  /// One a sender. Waiting on it is how a sender sleeps; closing it wakes the sender up for good.
  let controls: [Mailbox<Message>]

  init(
    settings: ElasticsearchConfiguration, hosts: [String], source: any BlockSource,
    deadLetters: DeadLetterWriter, template: IndexTemplate?, delivered: DeliveredIds?,
    clock: any Clock, seed: UInt64
  ) {
    self.settings = settings
    self.source = source
    self.deadLetters = deadLetters
    self.template = template
    self.delivered = delivered
    self.clock = clock
    board = Mutex(DeliveryBoard(settings, hosts: hosts, seed: seed))
    let senders = max(1, settings.senders)
    monitor = DeliveryMonitor(senders: senders)
    controls = (0..<senders).map { _ in Mailbox(capacity: 4) }
  }
}
