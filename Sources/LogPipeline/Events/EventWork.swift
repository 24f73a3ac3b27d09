import CSimdjson

/// What an ``EventProcessor`` does, and all that it does it with.
struct EventWork: ~Copyable {
  private(set) var rules: EventRules
  let clock: any Clock
  private let usage: UsageBook
  var walker: FieldWalker
  var writer: DocumentWriter
  private let prepared = PreparedFrames()
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
    let arrival = EventTime(clamping: clock.wallMilliseconds())
    writer.begin(unit)
    let counts = usage.write(at: arrival.milliseconds / 60_000) {
      unsafe takeAll(bytes, arrival, unit, &unit.tally, &builder.filling, &$0, refuse)
    }
    walker.rest()
    return counts
  }

  private mutating func takeAll(
    _ bytes: UnsafeRawBufferPointer, _ arrival: EventTime, _ unit: FrameUnit,
    _ tally: inout FrameTally, _ block: inout BlockFilling, _ pages: inout UsageBook.Pages,
    _ refuse: (Refusal) -> Void
  ) -> (accepted: Int, refused: Int) {
    var (accepted, refused) = (0, 0)
    var at = 0
    while case let count = unsafe walker.readLines(bytes, at: &at), count > 0 {
      for index in 0..<count { unsafe identify(index, bytes, tally) }
      for index in 0..<count { prepare(index, arrival, unit, &tally) }
      let framesBefore = tally.frames - UInt64(count)
      for index in 0..<count {
        let number = framesBefore + UInt64(index) + 1
        if unsafe take(index, number, bytes, unit, &block, &pages, refuse) {
          accepted += 1
        } else {
          refused += 1
        }
      }
    }
    tally.lines += UInt64(walker.frame.lines)
    return (accepted, refused)
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
    unsafe identify(0, bytes, unit.tally)
    prepare(0, arrival, unit, &unit.tally)
    return unsafe take(0, unit.tally.frames, bytes, unit, &block, &pages, refuse)
  }

  /// The hash of one of the frames read last, and where its equals would be found is looked for.
  private mutating func identify(
    _ index: Int, _ bytes: UnsafeRawBufferPointer, _ tally: borrowing FrameTally
  ) {
    walker.look(at: index)
    guard walker.frame.length <= rules.lineBytesMax else { return }
    let content = unsafe hash(bytes, walker.frame)
    unsafe prepared.contents[index] = content
    tally.window.expect(content.high, behind: index)
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
    let lines = unsafe writer.sink.bytes
    unsafe block.append(
      lines,
      BlockItem(
        fingerprint: stamp.id.high, rawLengthBytes: UInt32(lines.count), day: stamp.day))
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
