/// What a sender records before the ring hears of it.
extension Sender {
  /// All items of the shipment are in their indices.
  func record(_ shipment: Shipment) {
    guard let delivered = context.delivered else { return }
    var batch = DeliveredBatch()
    for piece in shipment.pieces {
      for index in piece.items { batch.add(piece.held.block.items[index]) }
    }
    delivered.write(batch)
  }

  /// These are: stored now, or found there.
  func record(_ settled: [(HeldBlock, [Settlement.Item])]) {
    guard let delivered = context.delivered, !settled.isEmpty else { return }
    var batch = DeliveredBatch()
    for (held, items) in settled {
      for item in items { batch.add(held.block.items[item.index]) }
    }
    delivered.write(batch)
  }
}
