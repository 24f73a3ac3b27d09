/// One consumer of the ring: how far it is, and where it reads on.
struct RingConsumer {
  var tracker: DeliveryTracker
  var reader: LogReader

  init(record: ConsumerRecord, of superblock: Superblock, isPrimary: Bool) {
    tracker = DeliveryTracker(record: record)
    reader = LogReader(at: record, of: superblock, readsCopies: isPrimary)
  }

  var record: ConsumerRecord { tracker.record }
  var name: String { record.name }
}
