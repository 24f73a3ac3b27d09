/// The record of what was delivered, for `verify`: it is written before the source hears of it, so that nothing counts as
/// settled that is not in it.
extension Sender {
  /// Events that are stored now, or were found there.
  func record(_ actions: [DeliveryAction]) {
    guard let delivered = context.delivered else { return }
    var batch = DeliveredBatch()
    for case .settle(let held, let items) in actions {
      for item in items where item.outcome != .deadLettered {
        batch.add(held.block.items[item.index])
      }
    }
    delivered.write(batch)
  }
}
