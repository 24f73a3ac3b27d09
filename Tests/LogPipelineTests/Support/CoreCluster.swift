import LogPipeline

/// A cluster in memory that fails as a seed has it. Some documents are bad for ever, some indices closed for a time.
struct CoreCluster {
  struct Refused {
    let day: Int32
    let items: Int
  }

  var closedDays: [Int32: ClosedRange<Duration>] = [:]
  /// Until then one document of each block is refused with an error that no list has.
  var oddUntil = Duration.zero
  private(set) var stored: Set<String> = []
  /// Stored by somebody else before.
  private(set) var foreign: Set<String> = []
  /// Requests of which an index took nothing.
  private(set) var refusedRequests: [Refused] = []
  private(set) var takenWhileClosed = 0
  private var whims: [String: Int] = [:]
  private var random: SeededRandom
  private let faultPercent: Int
  private let hasBadOnes: Bool
  /// Faults end here.
  private static let faultsEnd = Duration.seconds(3600)
  private let itemsMax: Int

  init(seed: UInt64, faultPercent: Int) {
    random = SeededRandom(seed: seed)
    self.faultPercent = faultPercent
    hasBadOnes = faultPercent > 0
    itemsMax = faultPercent > 0 ? Int.random(in: 8...100, using: &random) : 1_000
    guard faultPercent > 0 else { return }
    for day in CoreWorld.firstDay...(CoreWorld.firstDay + 2) where Bool.random(using: &random) {
      let begin = Double.random(in: 0...600, using: &random)
      closedDays[day] =
        .seconds(begin)...(.seconds(begin + Double.random(in: 0...900, using: &random)))
    }
    for block in 1...40 where Bool.random(using: &random) {
      foreign.insert("\(block)-\(Int.random(in: 0..<40, using: &random))")
    }
    foreign = foreign.filter { !isBad($0) }
    stored = foreign
  }

  static func ids(_ shipment: Shipment) -> [String] {
    shipment.pieces.flatMap { piece in piece.items.map { "\(piece.held.block.id)-\($0)" } }
  }

  /// By its number: a document that never fits the mapping, or that spoils the whole request.
  func isBad(_ id: String) -> Bool { isPoison(id) || mayBeBad(id) && number(id) % 29 == 11 }
  private func isPoison(_ id: String) -> Bool { mayBeBad(id) && number(id) % 97 == 50 }
  /// Blocks from 1,000 on are good.
  private func mayBeBad(_ id: String) -> Bool { hasBadOnes && number(id) < 1_000 * 41 }
  private func number(_ id: String) -> Int {
    let parts = id.split(separator: "-").compactMap { Int($0) }
    return parts[0] * 41 + parts[1]
  }

  mutating func answer(
    _ shipment: Shipment, at time: Duration
  ) -> (Result<HttpAnswer, TransportFailure>, Duration) {
    let took = Duration.milliseconds(Int.random(in: 1...3000, using: &random))
    let ids = Self.ids(shipment)
    let isFaulty = time < Self.faultsEnd && Int.random(in: 0..<100, using: &random) < faultPercent
    if isFaulty, let result = fault(shipment, at: time) { return (result, took) }
    if ids.count > itemsMax { return (.success(HttpAnswer(status: 413)), took) }
    if ids.contains(where: isPoison) {
      // Incremental bulk: what stood before it may be stored.
      if Bool.random(using: &random) {
        store(shipment, until: ids.firstIndex(where: isPoison) ?? 0, at: time)
      }
      return (whole(400, "illegal_argument_exception"), took)
    }
    return (.success(HttpAnswer(status: 200, body: Array(items(shipment, at: time).utf8))), took)
  }

  /// nil: none after all.
  private mutating func fault(
    _ shipment: Shipment, at time: Duration
  ) -> Result<HttpAnswer, TransportFailure>? {
    func lost(_ kind: TransportFailure.Kind) -> Result<HttpAnswer, TransportFailure> {
      .failure(TransportFailure(kind: kind, detail: "", mayBeStored: kind != .refused))
    }
    switch Int.random(in: 0..<12, using: &random) {
    case 0: return whole(429, "es_rejected_execution_exception")
    case 1: return whole(503, "cluster_block_exception")
    case 2: return whole(401, "security_exception")
    case 3: return lost(.refused)
    case 4: return lost(.closedWithoutAnswer)
    case 5: return lost(.reset)
    case 6, 7:
      // Stored, and the answer lost.
      if !Self.ids(shipment).contains(where: isPoison) { _ = items(shipment, at: time) }
      return lost(.timeout)
    case 8: return .success(HttpAnswer(status: 200, body: Array("<html>".utf8)))
    case 9: return whole(500, "x")
    case 10:
      // A proxy's whim: it does not come three times in a row for the same document.
      let ids = Self.ids(shipment)
      if ids.count == 1 {
        whims[ids[0], default: 0] += 1
        if whims[ids[0], default: 0] > 2 { return nil }
      }
      return whole(400, "parse_exception")
    default: return nil
    }
  }

  private func whole(_ status: Int, _ type: String) -> Result<HttpAnswer, TransportFailure> {
    .success(
      HttpAnswer(status: status, body: Array(#"{"error":{"type":"\#(type)","reason":"r"}}"#.utf8)))
  }

  private mutating func store(_ shipment: Shipment, until end: Int, at time: Duration) {
    var at = 0
    for piece in shipment.pieces {
      for index in piece.items {
        if at < end { _ = item(piece, index, at: time) }
        at += 1
      }
    }
  }

  private mutating func items(_ shipment: Shipment, at time: Duration) -> String {
    var items: [String] = []
    var perDay: [Int32: (all: Int, closed: Int)] = [:]
    for piece in shipment.pieces {
      for index in piece.items {
        let day = piece.held.block.items[index].day
        perDay[day, default: (0, 0)].all += 1
        if isClosed(day, at: time) { perDay[day]?.closed += 1 }
        items.append(item(piece, index, at: time))
      }
    }
    for (day, count) in perDay where count.closed == count.all && count.all > 0 {
      if isClosed(day, at: time) { refusedRequests.append(Refused(day: day, items: count.all)) }
    }
    return #"{"errors":true,"items":["# + items.joined(separator: ",") + "]}"
  }

  private func isClosed(_ day: Int32, at time: Duration) -> Bool {
    closedDays[day]?.contains(time) ?? false
  }

  private mutating func item(_ piece: Piece, _ index: Int, at time: Duration) -> String {
    let id = "\(piece.held.block.id)-\(index)"
    func refused(_ status: Int, _ type: String) -> String {
      #"{"create":{"status":\#(status),"error":{"type":"\#(type)","reason":"r"}}}"#
    }
    let day = piece.held.block.items[index].day
    if isClosed(day, at: time) { return refused(400, "index_closed_exception") }
    if isBad(id) { return refused(400, "mapper_parsing_exception") }
    if index == 0, time < oddUntil { return refused(400, "a_new_exception") }
    if stored.contains(id) { return refused(409, "version_conflict_engine_exception") }
    let isBusy = time < Self.faultsEnd && Int.random(in: 0..<200, using: &random) < faultPercent
    if isBusy { return refused(429, "es_rejected_execution_exception") }
    stored.insert(id)
    if closedDays.keys.contains(where: { isClosed($0, at: time) }) { takenWhileClosed += 1 }
    return #"{"create":{"status":201}}"#
  }
}
