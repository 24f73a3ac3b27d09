import LogPipeline
import Testing

@Suite struct ShipmentTests {
  private let start = MonotonicTime(nanoseconds: 1)

  private func shipment(_ counts: [Int]) throws -> Shipment {
    let pieces = try counts.enumerated().map { at, count in
      Piece(
        held: HeldBlock(try BlockFactory.block(id: UInt64(at + 1), count: count)),
        items: Array(0..<count))
    }
    return Shipment(pieces, due: start)
  }

  private func ids(_ shipment: Shipment?) -> [String] {
    (shipment?.pieces ?? []).flatMap { piece in
      piece.items.map { "\(piece.held.block.id)-\($0)" }
    }
  }

  @Test func `halving and cutting lose and double nothing, whatever the shape`() throws {
    for counts in [[2], [1, 1], [5, 1, 3], [1, 9], [4, 4], [1, 1, 1]] {
      let whole = try shipment(counts)
      var first = whole
      let second = first.halve()
      #expect(ids(first) + ids(second) == ids(whole))
      #expect(first.itemCount == whole.itemCount / 2)
      for itemsMax in 1...whole.itemCount {
        var cut = whole
        let rest = cut.cutOff(rawBytesMax: .max, itemsMax: itemsMax)
        #expect(ids(cut) + ids(rest) == ids(whole))
        #expect(cut.itemCount == itemsMax)
        #expect((rest == nil) == (itemsMax == whole.itemCount))
      }
      for bytesMax in stride(from: 1, through: whole.rawBytes + 1, by: 7) {
        var cut = whole
        let rest = cut.cutOff(rawBytesMax: bytesMax, itemsMax: .max)
        #expect(ids(cut) + ids(rest) == ids(whole))
        #expect(cut.itemCount == 1 || cut.rawBytes <= bytesMax)
      }
    }
  }

  @Test func `due shipments travel together, isolated ones alone, later ones later`() throws {
    var queue = RetryQueue()
    let all = try shipment([4, 2, 3])
    var isolated = Shipment([all.pieces[1]], due: start)
    isolated.isolatedSince = start
    queue.add(Shipment([all.pieces[0].with(items: [2])], due: start))
    queue.add(isolated)
    queue.add(Shipment([all.pieces[0].with(items: [0, 1])], due: start))
    queue.add(Shipment([all.pieces[2]], due: start + .seconds(1)))
    #expect(queue.itemCount == 8)
    #expect(
      ids(queue.takeDue(at: start, rawBytesMax: .max, itemsMax: 100)) == ["1-0", "1-1", "1-2"])
    #expect(ids(queue.takeDue(at: start, rawBytesMax: .max, itemsMax: 100)) == ["2-0", "2-1"])
    #expect(queue.takeDue(at: start, rawBytesMax: .max, itemsMax: 100) == nil)
    #expect(queue.nextDue == start + .seconds(1))
  }

  @Test func `pieces of one block are joined unless a 409 means different things to them`() throws {
    let block = HeldBlock(try BlockFactory.block(id: 1, count: 6))
    var unclear = Piece(held: block, items: [1])
    unclear.isUnclear = true
    var shipment = Shipment(
      [Piece(held: block, items: [5]), unclear, Piece(held: block, items: [0, 2])], due: start)
    shipment.join()
    #expect(shipment.pieces.map(\.items).sorted { $0.count > $1.count } == [[0, 2, 5], [1]])
  }
}
