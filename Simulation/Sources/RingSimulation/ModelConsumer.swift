import LogPipeline

/// One consumer's account in the model: what became of each event, and what its cursor has counted.
struct ModelConsumer {
  let name: String
  let isPrimary: Bool
  /// Events taken in before it joined.
  let base: UInt64
  /// By event.
  var ends: [ModelEnd] = []
  /// Counts of before the model knew it: in a record that came back when a lying disk lost a newer one.
  var inherited = [UInt64](repeating: 0, count: ModelEnd.outcomesMax)
  /// By outcome, of all events and of those behind the cursor.
  var live = [UInt64](repeating: 0, count: ModelEnd.outcomesMax)
  var behind = [UInt64](repeating: 0, count: ModelEnd.outcomesMax)
  /// A sequence, as in the newest superblock.
  var cursor: UInt64
  /// Sequences below it may have been given up to make room.
  var droppedBefore: UInt64 = 0
  /// Copies were lost of which the ring does not know yet whether they counted.
  var isUncertain = false
  /// Blocks it has had since the last opening, by their first sequence: the highest of them.
  var leasedTo: UInt64 = 0
  var leased: Set<UInt64> = []

  init(record: ConsumerRecord, isPrimary: Bool) {
    name = record.name
    self.isPrimary = isPrimary
    base = record.base
    cursor = record.sequence
  }

  mutating func end(_ event: Int, _ outcome: UInt8, at sequence: UInt64) {
    guard ends[event].isOpen else { return }
    ends[event] = ModelEnd(outcome: outcome, sequence: sequence)
    if outcome < ModelEnd.outcomesMax { live[Int(outcome)] += 1 }
  }

  /// The counts of a cursor's record, as they must be. So many lost copies may be told later.
  func objection(to record: ConsumerRecord, isDropping: Bool, inDoubt: UInt64) -> String? {
    let lost = record.quarantined + record.dropped
    let holds =
      [record.delivered, record.duplicate, record.deadLettered] == Array(behind[1...3])
      && lost <= behind[4] && lost + inDoubt >= behind[4]
      && record.erased == 0 && (isDropping || record.dropped == 0)
    return holds
      ? nil
      : "\(name)'s record counts \(record.delivered) delivered, \(record.duplicate) duplicate, \(record.deadLettered) dead-lettered, \(record.quarantined) quarantined, \(record.dropped) dropped behind \(record.sequence); the model \(behind[1...])"
  }
}
