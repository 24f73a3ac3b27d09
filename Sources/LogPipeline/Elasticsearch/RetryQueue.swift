/// What a sender holds for another try, and when each is due.
package struct RetryQueue {
  package private(set) var shipments: [Shipment] = []

  package init() {}

  package var isEmpty: Bool { shipments.isEmpty }
  package var itemCount: Int { shipments.reduce(0) { $0 + $1.itemCount } }
  package var nextDue: MonotonicTime { shipments.map(\.due).min() ?? .distantFuture }

  package mutating func add(_ shipment: Shipment) {
    invariant(!shipment.pieces.isEmpty, "an empty shipment was to be sent again")
    var shipment = shipment
    if shipment.pieces.count > 1 { shipment.join() }
    shipments.append(shipment)
  }

  /// Takes the pieces out that are `stuck`; those that travel alone stay.
  package mutating func take(where isStuck: (Piece) -> Bool) -> [Piece] {
    var taken: [Piece] = []
    for at in shipments.indices where !shipments[at].travelsAlone {
      taken += shipments[at].pieces.filter(isStuck)
      shipments[at].pieces.removeAll(where: isStuck)
    }
    shipments.removeAll { $0.pieces.isEmpty }
    return taken
  }

  /// The oldest that is due, together with others that are due while both limits hold. Isolated ones travel alone.
  package mutating func takeDue(at now: MonotonicTime, rawBytesMax: Int, itemsMax: Int) -> Shipment?
  {
    guard let first = shipments.firstIndex(where: { $0.due <= now }) else { return nil }
    var taken = shipments.remove(at: first)
    guard !taken.travelsAlone else { return taken }
    var bytes = taken.rawBytes
    var items = taken.itemCount
    var rest: [Shipment] = []
    for shipment in shipments {
      let (moreBytes, moreItems) = (shipment.rawBytes, shipment.itemCount)
      if shipment.due <= now, !shipment.travelsAlone, bytes + moreBytes <= rawBytesMax,
        items + moreItems <= itemsMax
      {
        taken.pieces += shipment.pieces
        taken.closedCount = max(taken.closedCount, shipment.closedCount)
        (bytes, items) = (bytes + moreBytes, items + moreItems)
      } else {
        rest.append(shipment)
      }
    }
    shipments = rest
    taken.join()
    return taken
  }
}
