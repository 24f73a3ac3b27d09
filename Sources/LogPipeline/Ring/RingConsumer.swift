/// One consumer of the ring: how far it is, and where it reads on.
struct RingConsumer {
  var tracker: DeliveryTracker
  var reader: LogReader

  /// `opening`: the superblock's as it was written at this opening.
  init(record: ConsumerRecord, of opening: Superblock, isPrimary: Bool) {
    tracker = DeliveryTracker(record: record)
    reader = LogReader(
      at: record, fileId: opening.fileId, dataSize: opening.dataSize, readsCopies: isPrimary,
      openings: opening.openings)
  }

  var record: ConsumerRecord { tracker.record }
  var name: String { record.name }
}
