/// Where the inputs of one intake hand in frames: makes blocks of them, offers these to the sink, keeps the counts.
///
/// Confined to the intake's thread.
final class IntakeDesk {
  let budget: InputBudget
  let lineBytesMax: Int
  let clock: any Clock
  var counters = IntakeSnapshot()

  private let mill: FrameMill
  private let sink: any BlockSink
  private let refusedLog: RefusedLog?
  private let scrub: ([UInt8]) -> [UInt8]
  /// Sealed, but the sink had no room: oldest first. At most what one read can make.
  private var waitingBlocks: [RawBlock] = []
  /// Blocks the sink has and that are not durable yet: ticket and events, oldest first.
  private var unsettled: [(ticket: UInt64, items: Int)] = []
  private var settledFrom = 0
  private(set) var durableTicket: UInt64 = 0
  private var openSince: MonotonicTime?
  private var refusedUntold: UInt64 = 0
  /// The open block holds an event of a sender that waits for an answer.
  private var isOpenAwaited = false

  /// An open block is sealed when it is this old.
  static let blockAgeMax: Duration = .milliseconds(2)
  private static let scrubbedBytesMax = 64 << 10

  init(
    mill: FrameMill, sink: any BlockSink, refusedLog: RefusedLog?, budget: InputBudget,
    lineBytesMax: Int, clock: any Clock,
    scrub: @escaping ([UInt8]) -> [UInt8]
  ) {
    self.mill = mill
    self.sink = sink
    self.refusedLog = refusedLog
    self.budget = budget
    self.lineBytesMax = lineBytesMax
    self.clock = clock
    self.scrub = scrub
  }

  /// False: hand in nothing more until there is room again.
  var hasRoom: Bool { waitingBlocks.isEmpty }

  /// The ticket whose durability covers all that was handed in until now.
  var newestTicket: UInt64 { mill.lastTicketWithItems }

  func makeUnit(source: SourceContext, isBody: Bool) -> FrameUnit {
    FrameUnit(source: source, keepsAllOccurrences: isBody)
  }

  /// Whole lines of senders who wait for no answer. Each refusal goes to the list of the refused.
  func take(_ pieces: inout [FramePiece]) {
    mill.process(&pieces) { unit, refusal in
      note(refusal.moved(by: unit.skipped), from: unit.source)
    }
    var accepted = 0
    for piece in pieces {
      piece.unit.count(accepted: piece.accepted, refused: piece.refused)
      accepted += piece.accepted
      counters.offered &+= UInt64(piece.accepted + piece.refused)
    }
    didTake(accepted, isAwaited: false)
  }

  /// Whole lines of a file, which can wait: each refusal is listed for certain, after `describe` has added its place.
  func take(
    fileLines bytes: UnsafeRawBufferPointer, unit: FrameUnit, source: SourceContext,
    describe: (Refusal) -> Refusal
  ) {
    let (accepted, refused) = unsafe mill.process(lines: bytes, unit: unit) { refusal in
      note(describe(refusal), from: source, waits: true)
    }
    counters.offered &+= UInt64(accepted + refused)
    didTake(accepted)
  }

  /// A line of a file that never reached the processor.
  func refuse(fileLine refusal: Refusal, source: SourceContext) {
    counters.offered &+= 1
    note(refusal, from: source, waits: true)
  }

  /// Lines of an earlier run: they count for the ids of those behind them.
  func remember(lines bytes: UnsafeRawBufferPointer, unit: FrameUnit) {
    unsafe mill.remember(lines: bytes, unit: unit)
  }

  /// One frame, the `number`th of its body; its refusal, if it was not taken.
  func take(
    frame bytes: UnsafeRawBufferPointer, number: UInt64, unit: FrameUnit,
    source: SourceContext
  ) -> Refusal? {
    var refusal: Refusal?
    let isAccepted = unsafe mill.process(frame: bytes, unit: unit) {
      refusal = $0.numbered(number)
    }
    counters.offered &+= 1
    if isAccepted {
      didTake(1)
      return nil
    }
    let told =
      refusal
      ?? Refusal(reason: .notJson, frame: number, message: "The frame is blank.", scrubbed: [])
    note(told, from: source)
    return told
  }

  /// A frame that never reached the processor: too long, or cut off. Its first bytes (`start`) are scrubbed before they
  /// are listed.
  func refuse(
    _ reason: Refusal.Reason, frame: UInt64, message: String, start: UnsafeRawBufferPointer,
    source: SourceContext
  ) -> Refusal {
    let kept = unsafe scrub(Array(start.prefix(Self.scrubbedBytesMax)))
    let refusal = Refusal(
      reason: reason, frame: frame, message: message, scrubbed: kept)
    counters.offered &+= 1
    note(refusal, from: source)
    return refusal
  }

  /// Offers what is sealed; call it when the sink says there is room.
  func offerBlocks() {
    let hadRoom = hasRoom
    for var block in mill.takeSealed() {
      block.isAwaited = isOpenAwaited
      waitingBlocks.append(block)
    }
    if mill.openItemCount == 0 { isOpenAwaited = false }
    var offered = 0
    while offered < waitingBlocks.count, sink.offer(waitingBlocks[offered]) {
      let block = waitingBlocks[offered]
      unsettled.append((block.ticket, block.items.count))
      offered += 1
    }
    waitingBlocks.removeFirst(offered)
    if hadRoom, !hasRoom { counters.pauses &+= 1 }
  }

  /// Seals the open block if it is old enough, or if nothing more can be read right now.
  /// - Returns: whether a block stays open, so that the loop must look again without sleeping.
  func endTurn(isIdle: Bool) -> Bool {
    if refusedUntold > 0 {
      sink.noteRefused(refusedUntold)
      refusedUntold = 0
    }
    guard mill.openItemCount > 0 else {
      openSince = nil
      return false
    }
    let now = clock.now()
    guard isIdle || now.since(openSince ?? now) >= Self.blockAgeMax else {
      openSince = openSince ?? now
      return true
    }
    sealOpenBlock()
    return false
  }

  func sealOpenBlock() {
    mill.seal()
    openSince = nil
    offerBlocks()
  }

  /// All blocks up to this ticket are on disk.
  func didBecomeDurable(_ ticket: UInt64) {
    guard ticket > durableTicket else { return }
    durableTicket = ticket
    while settledFrom < unsettled.count, unsettled[settledFrom].ticket <= ticket {
      counters.accepted &+= UInt64(unsettled[settledFrom].items)
      settledFrom += 1
    }
    if settledFrom == unsettled.count || settledFrom >= 64 {
      unsettled.removeFirst(settledFrom)
      settledFrom = 0
    }
  }

  /// `isAwaited`: somebody waits until it is durable. A sender over TCP is told nothing.
  private func didTake(_ accepted: Int, isAwaited: Bool = true) {
    if accepted > 0 {
      if openSince == nil { openSince = clock.now() }
      if isAwaited { isOpenAwaited = true }
    }
    offerBlocks()
  }

  private func note(_ refusal: Refusal, from source: SourceContext, waits: Bool = false) {
    counters.refused &+= 1
    if let index = Refusal.Reason.allCases.firstIndex(of: refusal.reason) {
      counters.refusedByReason[index] &+= 1
    }
    refusedUntold &+= 1
    let wall = clock.wallMilliseconds()
    if waits {
      refusedLog?.keep(refusal, from: source, atWallMilliseconds: wall)
    } else {
      refusedLog?.note(refusal, from: source, atWallMilliseconds: wall)
    }
  }
}

extension Refusal {
  fileprivate func moved(by frames: UInt64) -> Refusal {
    frames == 0 ? self : numbered(frame &+ frames)
  }
  fileprivate func numbered(_ frame: UInt64) -> Refusal {
    Refusal(reason: reason, frame: frame, message: message, scrubbed: scrubbed)
  }
}
