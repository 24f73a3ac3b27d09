import CSimdjson

/// What an ``EventProcessor`` does, and all that it does it with.
struct EventWork: ~Copyable {
  private(set) var rules: EventRules
  let clock: any Clock
  private let usage: UsageBook
  var walker: FieldWalker
  var writer: DocumentWriter
  private let prepared = PreparedFrames()
  /// Of the frames read together.
  private var runs: [FrameRun] = []
  private var acceptedCount: UInt64 = 0
  private var refusedCount: UInt64 = 0
  /// Tells live frames without a time of their own apart: random per start, then the thread, then a counter.
  private let nonce: UInt64
  private let intake: UInt64
  private var nonceCounter: UInt64 = 0
  private var senderIds = SenderIds()
  private var reusedIdCount: UInt64 = 0
  private var futureMaxMilliseconds: Int64
  private var pastMaxMilliseconds: Int64

  /// How much of a refused frame is shown.
  private static let refusedBytesMax = 64 << 10

  init(
    rules: EventRules, prices: PriceBooks, clock: any Clock, intake: Int, usage: UsageBook
  ) throws(PrivacyError) {
    self.rules = rules
    self.usage = usage
    self.clock = clock
    self.intake = UInt64(intake)
    futureMaxMilliseconds = rules.futureMax.milliseconds
    pastMaxMilliseconds = rules.pastMax.milliseconds
    nonce = UInt64.random(in: .min ... .max)
    walker = FieldWalker(
      depthMax: rules.depthMax, keysMax: rules.keysMax, lineBytesMax: rules.lineBytesMax,
      readsClosely: rules.readsClosely)
    writer = try DocumentWriter(rules: rules, prices: prices)
  }

  /// Other rules and prices from the next event on. Limits of frames, ids and index names stay what they were.
  mutating func take(_ rules: EventRules, _ prices: PriceBooks) throws(PrivacyError) {
    var fresh = try DocumentWriter(rules: rules, prices: prices)
    fresh.counters = writer.counters
    fresh.generation = writer.generation + 1
    writer = fresh
    self.rules = rules
    futureMaxMilliseconds = rules.futureMax.milliseconds
    pastMaxMilliseconds = rules.pastMax.milliseconds
  }

  var counters: EventCounters {
    var counters = writer.counters
    counters.accepted = acceptedCount
    counters.refused = refusedCount
    counters.reusedIds = reusedIdCount
    return counters
  }

  mutating func process(
    lines bytes: UnsafeRawBufferPointer, unit: FrameUnit, into builder: BlockBuilder,
    refuse: (Refusal) -> Void
  ) -> (accepted: Int, refused: Int) {
    var piece = unsafe FramePiece(bytes, of: unit)
    unsafe withUnsafeMutablePointer(to: &piece) { piece in
      unsafe process(UnsafeMutableBufferPointer(start: piece, count: 1), into: builder) {
        refuse($1)
      }
    }
    return (piece.accepted, piece.refused)
  }

  mutating func process(
    _ pieces: UnsafeMutableBufferPointer<FramePiece>, into builder: BlockBuilder,
    refuse: (FrameUnit, Refusal) -> Void
  ) {
    let arrival = EventTime(clamping: clock.wallMilliseconds())
    usage.write(at: arrival.milliseconds / 60_000) {
      unsafe takeAll(pieces, arrival, &builder.filling, &$0, refuse)
    }
    walker.rest()
  }

  private mutating func takeAll(
    _ pieces: UnsafeMutableBufferPointer<FramePiece>, _ arrival: EventTime,
    _ block: inout BlockFilling, _ pages: inout UsageBook.Pages,
    _ refuse: (FrameUnit, Refusal) -> Void
  ) {
    var (next, at) = (0, 0)
    /// The piece whose source the writer knows.
    var writersPiece = -1
    while next < pieces.count {
      unsafe readTogether(pieces, &next, &at)
      for run in runs {
        let piece = unsafe pieces[run.piece]
        unsafe identify(run.frames, piece.bytes, &piece.unit.tally)
      }
      for index in runs.indices {
        let unit = unsafe pieces[runs[index].piece].unit
        runs[index].framesBefore = unit.frameCount
        prepare(runs[index], arrival, unit, &unit.tally, block)
      }
      for run in runs where !run.frames.isEmpty {
        let unit = unsafe pieces[run.piece].unit
        if run.piece != writersPiece {
          writersPiece = run.piece
          writer.begin(unit)
        }
        unsafe take(run, &pieces[run.piece], &block, &pages) { refuse(unit, $0) }
      }
    }
  }

  /// The next frames that fit into one group, and which pieces they are of.
  private mutating func readTogether(
    _ pieces: UnsafeMutableBufferPointer<FramePiece>, _ next: inout Int, _ at: inout Int
  ) {
    walker.beginGroup()
    runs.removeAll(keepingCapacity: true)
    while next < pieces.count, !walker.isGroupFull {
      let first = walker.groupCount
      let bytes = unsafe pieces[next].bytes
      if at == 0 { unsafe pieces[next].unit.expectFrame() }
      unsafe walker.readLines(bytes, at: &at)
      runs.append(
        FrameRun(
          piece: next, frames: first..<walker.groupCount,
          blankLinesBehind: UInt64(walker.blankLinesBehind)))
      if at >= bytes.count { (next, at) = (next + 1, 0) }
    }
  }

  private mutating func prepare(
    _ run: FrameRun, _ arrival: EventTime, _ unit: FrameUnit, _ tally: inout FrameTally,
    _ block: borrowing BlockFilling
  ) {
    for index in run.frames {
      block.expectEvent(behind: index)
      prepare(index, arrival, unit, &tally)
    }
    tally.lines += run.blankLinesBehind
  }

  private mutating func take(
    _ run: FrameRun, _ piece: inout FramePiece, _ block: inout BlockFilling,
    _ pages: inout UsageBook.Pages, _ refuse: (Refusal) -> Void
  ) {
    var number = run.framesBefore
    for index in run.frames {
      number += 1
      if unsafe take(index, number, piece.bytes, piece.unit, &block, &pages, refuse) {
        piece.accepted += 1
      } else {
        piece.refused += 1
      }
    }
  }

  mutating func process(
    frame bytes: UnsafeRawBufferPointer, unit: FrameUnit, into builder: BlockBuilder,
    refuse: (Refusal) -> Void
  ) -> Bool {
    guard unsafe walker.readFrame(bytes) else { return false }
    defer { walker.rest() }
    writer.begin(unit)
    let arrival = EventTime(clamping: clock.wallMilliseconds())
    return usage.write(at: arrival.milliseconds / 60_000) {
      unsafe takeOne(bytes, arrival, unit, &builder.filling, &$0, refuse)
    }
  }

  mutating func remember(lines bytes: UnsafeRawBufferPointer, unit: FrameUnit) {
    guard let start = bytes.baseAddress else { return }
    var frame = cjson_frame()
    var at = 0
    while unsafe cjson_next_line(
      start.assumingMemoryBound(to: UInt8.self), bytes.count, &at, &frame) != 0
    {
      unit.tally.frames += 1
      unit.tally.lines += UInt64(frame.lines)
      guard frame.length <= rules.lineBytesMax else { continue }
      _ = unsafe unit.tally.window.count(of: hash(bytes, frame).high)
    }
    unit.tally.lines += UInt64(frame.lines)
  }

  private func hash(_ bytes: UnsafeRawBufferPointer, _ frame: cjson_frame) -> EventId {
    unsafe EventId(frame: Self.slice(bytes, frame), seed: rules.idSeed)
  }

  /// The one frame that was read becomes an event or a refusal.
  mutating func takeOne(
    _ bytes: UnsafeRawBufferPointer, _ arrival: EventTime, _ unit: FrameUnit,
    _ block: inout BlockFilling, _ pages: inout UsageBook.Pages, _ refuse: (Refusal) -> Void
  ) -> Bool {
    unsafe identify(0..<1, bytes, &unit.tally)
    prepare(0, arrival, unit, &unit.tally)
    return unsafe take(0, unit.tally.frames, bytes, unit, &block, &pages, refuse)
  }

  /// The hashes of some of the frames read last, all of one unit; and where their equals would be found is looked for. The
  /// tally is passed in place, so that nothing of it is copied.
  private mutating func identify(
    _ frames: Range<Int>, _ bytes: UnsafeRawBufferPointer, _ tally: inout FrameTally
  ) {
    for index in frames {
      walker.look(at: index)
      guard walker.frame.length <= rules.lineBytesMax else { continue }
      let content = unsafe hash(bytes, walker.frame)
      unsafe prepared.contents[index] = content
      tally.window.expect(content.high, behind: index - frames.lowerBound)
    }
  }

  /// What is known of it before its document is written; of a refused one nothing.
  private mutating func prepare(
    _ index: Int, _ arrival: EventTime, _ unit: FrameUnit, _ tally: inout FrameTally
  ) {
    walker.look(at: index)
    tally.frames += 1
    tally.lines += UInt64(walker.frame.lines)
    guard walker.frame.length <= rules.lineBytesMax else { return }
    let content = unsafe prepared.contents[index]
    guard walker.frame.status == cjson_ok else {
      _ = tally.window.count(of: content.high)
      return
    }
    let frame = unsafe prepared.frames + index
    unsafe frame.initialize(to: PreparedFrame(fields: walker.fields, content: content))
    // In place: both are large.
    unsafe frame.pointee.facts.read(&frame.pointee.fields)
    let time = unsafe frame.pointee.facts.time
    let occurrence = tally.window.count(of: content.high)
    unsafe frame.pointee.isRepeated = occurrence > 0
    let id = EventId(
      frame: content, occurrence: occurrence, salt: salt(time != nil, unit, tally),
      seed: rules.idSeed)
    unsafe frame.pointee.stamp = stamp(
      id, time, isRepaired: walker.frame.repaired != 0, arrival)
  }

  /// A prepared frame becomes an event or a refusal. `number`: of the frame within its unit.
  private mutating func take(
    _ index: Int, _ number: UInt64, _ bytes: UnsafeRawBufferPointer, _ unit: FrameUnit,
    _ block: inout BlockFilling, _ pages: inout UsageBook.Pages, _ refuse: (Refusal) -> Void
  ) -> Bool {
    walker.look(at: index)
    guard walker.frame.status == cjson_ok else {
      refusedCount += 1
      refuse(unsafe refusal(bytes, number, because: RefusalText.of(walker.frame, rules)))
      return false
    }
    let frame = unsafe prepared.frames + index
    unsafe writer.sink.removeAll(andWriteInto: block.room)
    unsafe writer.write(
      frame.pointee.facts, &frame.pointee.fields, frame.pointee.stamp, unit)
    guard writer.sink.count <= rules.storedBytesMax else {
      refusedCount += 1
      let message = RefusalText.tooLarge(linesBytes: writer.sink.count, rules)
      refuse(unsafe refusal(bytes, number, because: (.tooLong, message)))
      return false
    }
    let fields = unsafe frame.pointee.fields
    if let given = fields.value(.requestId) ?? fields.value(.eventId),
      given.kind == FrameFields.Kind.string,
      unsafe senderIds.isReused(fields.bytes(of: given), by: frame.pointee.content)
    {
      reusedIdCount += 1
    }
    let stamp = unsafe frame.pointee.stamp
    unsafe writer.note(
      stamp, walker.frame, isRepeated: frame.pointee.isRepeated, unreadable: fields.unreadable)
    if pages.isOpen { unsafe writer.count(frame.pointee.facts, in: &pages) }
    let item = BlockItem(
      fingerprint: stamp.id.high, rawLengthBytes: UInt32(writer.sink.count), day: stamp.day)
    if writer.sink.isInRoom {
      block.appendWritten(item)
    } else {
      unsafe block.append(writer.sink.bytes, item)
    }
    acceptedCount += 1
    return true
  }

  /// The price always follows the event's own time; the index does within the limits.
  func stamp(
    _ id: EventId, _ own: EventTime?, isRepaired: Bool, _ arrival: EventTime
  ) -> FrameStamp {
    let time = own ?? arrival
    let ahead = time.milliseconds - arrival.milliseconds
    let isClamped =
      ahead > futureMaxMilliseconds || -ahead > pastMaxMilliseconds
    return FrameStamp(
      id: id, time: time, isArrivalTime: own == nil,
      day: isClamped ? arrival.day : time.day, isTimeClamped: isClamped, isRepaired: isRepaired)
  }

  /// Nothing for frames with a time of their own: the same bytes are the same event wherever they come from.
  private mutating func salt(
    _ hasOwnTime: Bool, _ unit: FrameUnit, _ tally: borrowing FrameTally
  ) -> (UInt64, UInt64) {
    if hasOwnTime { return (0, 0) }
    if unit.source.input == .file { return (unit.generation, tally.lines) }
    if let place = unit.source.place { return (place, tally.frames) }
    nonceCounter += 1
    return (nonce, intake << 48 | nonceCounter)
  }

  private func refusal(
    _ bytes: UnsafeRawBufferPointer, _ number: UInt64,
    because cause: (reason: Refusal.Reason, message: String)
  ) -> Refusal {
    let shown = unsafe Self.slice(bytes, walker.frame).prefix(Self.refusedBytesMax)
    return Refusal(
      reason: cause.reason, frame: number, message: cause.message,
      scrubbed: RefusedFrame.shape(of: unsafe Array(shown)))
  }

  static func slice(
    _ bytes: UnsafeRawBufferPointer, _ frame: cjson_frame
  ) -> UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(rebasing: bytes[frame.offset..<frame.offset + frame.length])
  }
}
