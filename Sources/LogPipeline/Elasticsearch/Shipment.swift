/// Items that are sent together, once.
package struct Shipment {
  package var pieces: [Piece]
  /// Not before this moment.
  package var due: MonotonicTime
  /// Set while the guilty item of a refused request is looked for: since when. Such items travel alone.
  package var isolatedSince: MonotonicTime?
  /// How often the server closed the connection on them without a word.
  package var closedCount = 0

  /// Since when requests with these items failed as a whole.
  package var failingSince: MonotonicTime?

  /// Set for the one event that finds out whether the parked index of this day takes again.
  package var probes: Int32?

  package init(
    _ pieces: [Piece], due: MonotonicTime, isolatedSince: MonotonicTime? = nil,
    probes: Int32? = nil
  ) {
    self.pieces = pieces
    self.due = due
    self.isolatedSince = isolatedSince
    self.probes = probes
  }

  /// Nothing else is put into its request.
  package var travelsAlone: Bool { isolatedSince != nil || probes != nil }

  package var itemCount: Int { pieces.reduce(0) { $0 + $1.items.count } }
  package var rawBytes: Int { pieces.reduce(0) { $0 + $1.rawBytes } }
  /// The most tries any of its items has had.
  package var attempts: Int { pieces.reduce(0) { max($0, $1.attempts) } }

  /// Joins pieces of the same block that have come the same way, so that each block is unpacked once.
  package mutating func join() {
    struct Way: Hashable {
      let block: UInt64
      let isUnclear: Bool
      let isConfirming: Bool
      let isParked: Bool
    }
    var places: [Way: Int] = [:]
    var joined: [Piece] = []
    for piece in pieces {
      let way = Way(
        block: piece.held.block.id, isUnclear: piece.isUnclear, isConfirming: piece.isConfirming,
        isParked: piece.isParked)
      if let place = places[way] {
        joined[place].items += piece.items
        joined[place].attempts = max(joined[place].attempts, piece.attempts)
        joined[place].refusedAlone = min(joined[place].refusedAlone, piece.refusedAlone)
      } else {
        places[way] = joined.count
        joined.append(piece)
      }
    }
    for at in joined.indices { joined[at].items.sort() }
    pieces = joined.sorted { $0.held.block.id < $1.held.block.id }
  }

  /// It was sent and not settled.
  package mutating func noteAttempt() {
    for at in pieces.indices { pieces[at].attempts += 1 }
  }

  /// It may have been stored although no answer says so.
  package mutating func noteUnclear() {
    for at in pieces.indices { pieces[at].isUnclear = true }
  }

  /// Takes items off the end until both limits hold; one item always stays. nil: they held already.
  package mutating func cutOff(rawBytesMax: Int, itemsMax: Int) -> Shipment? {
    var keptBytes = 0
    var keptItems = 0
    for (at, piece) in pieces.enumerated() {
      let bytes = piece.rawBytes
      if keptBytes + bytes <= rawBytesMax, keptItems + piece.items.count <= itemsMax {
        keptBytes += bytes
        keptItems += piece.items.count
        continue
      }
      var fitting = 0
      for index in piece.items {
        let itemBytes = Int(piece.held.block.items[index].rawLengthBytes)
        let isFirst = keptItems == 0
        guard isFirst || (keptBytes + itemBytes <= rawBytesMax && keptItems < itemsMax) else {
          break
        }
        keptBytes += itemBytes
        keptItems += 1
        fitting += 1
      }
      guard fitting < piece.items.count || at + 1 < pieces.count else { return nil }
      return cut(piece: at, item: fitting)
    }
    return nil
  }

  /// Takes the second half of the items off.
  package mutating func halve() -> Shipment {
    var left = itemCount / 2
    for (at, piece) in pieces.enumerated() {
      if left < piece.items.count { return cut(piece: at, item: left) }
      left -= piece.items.count
    }
    return cut(piece: pieces.count, item: 0)
  }

  /// What follows the cut becomes a shipment of its own.
  private mutating func cut(piece at: Int, item: Int) -> Shipment {
    var rest = self
    rest.pieces = Array(pieces[at...])
    pieces = Array(pieces[..<at])
    if item > 0, let first = rest.pieces.first {
      pieces.append(first.with(items: Array(first.items[..<item])))
      let remaining = Array(first.items[item...])
      if remaining.isEmpty {
        rest.pieces.removeFirst()
      } else {
        rest.pieces[0] = first.with(items: remaining)
      }
    }
    return rest
  }
}
