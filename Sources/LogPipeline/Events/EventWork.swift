import CSimdjson

/// What an ``EventProcessor`` does, and all that it does it with.
struct EventWork: ~Copyable {
  private let rules: EventRules
  private let clock: any Clock
  private var walker: FieldWalker
  private var writer: DocumentWriter
  private var acceptedCount: UInt64 = 0
  private var refusedCount: UInt64 = 0
  /// Tells live frames without a time of their own apart: random per start, then the thread, then a counter.
  private let nonce: UInt64
  private let intake: UInt64
  private var nonceCounter: UInt64 = 0
  private let futureMaxMilliseconds: Int64
  private let pastMaxMilliseconds: Int64

  /// How much of a refused frame is shown.
  private static let refusedBytesMax = 64 << 10

  init(
    rules: EventRules, prices: PriceBooks, clock: any Clock, intake: Int
  ) throws(PrivacyError) {
    self.rules = rules
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

  var counters: EventCounters {
    var counters = writer.counters
    counters.accepted = acceptedCount
    counters.refused = refusedCount
    return counters
  }

  mutating func process(
    lines bytes: UnsafeRawBufferPointer, unit: FrameUnit, into builder: BlockBuilder,
    refuse: (Refusal) -> Void
  ) -> (accepted: Int, refused: Int) {
    let arrival = clock.wallMilliseconds()
    var (accepted, refused) = (0, 0)
    var at = 0
    while unsafe walker.readLine(bytes, at: &at) {
      if unsafe take(bytes, arrival, unit, builder, refuse) { accepted += 1 } else { refused += 1 }
    }
    unit.lineCount += UInt64(walker.frame.lines)
    walker.rest()
    return (accepted, refused)
  }

  mutating func process(
    frame bytes: UnsafeRawBufferPointer, unit: FrameUnit, into builder: BlockBuilder,
    refuse: (Refusal) -> Void
  ) -> Bool {
    guard unsafe walker.readFrame(bytes) else { return false }
    defer { walker.rest() }
    return unsafe take(bytes, clock.wallMilliseconds(), unit, builder, refuse)
  }

  mutating func remember(lines bytes: UnsafeRawBufferPointer, unit: FrameUnit) {
    guard let start = bytes.baseAddress else { return }
    var frame = cjson_frame()
    var at = 0
    while unsafe cjson_next_line(
      start.assumingMemoryBound(to: UInt8.self), bytes.count, &at, &frame) != 0
    {
      unit.frameCount += 1
      unit.lineCount += UInt64(frame.lines)
      guard frame.length <= rules.lineBytesMax else { continue }
      _ = unsafe unit.window.count(of: hash(bytes, frame).high)
    }
    unit.lineCount += UInt64(frame.lines)
  }

  private func hash(_ bytes: UnsafeRawBufferPointer, _ frame: cjson_frame) -> EventId {
    unsafe EventId(frame: Self.slice(bytes, frame), seed: rules.idSeed)
  }

  /// The frame read last becomes an event or a refusal.
  private mutating func take(
    _ bytes: UnsafeRawBufferPointer, _ arrivalMilliseconds: Int64, _ unit: FrameUnit,
    _ builder: BlockBuilder, _ refuse: (Refusal) -> Void
  ) -> Bool {
    let frame = walker.frame
    unit.frameCount += 1
    unit.lineCount += UInt64(frame.lines)
    var occurrence: UInt64 = 0
    var content = EventId(high: 0, low: 0)
    if frame.length <= rules.lineBytesMax {
      content = unsafe hash(bytes, frame)
      occurrence = unit.window.count(of: content.high)
    }
    guard frame.status == cjson_ok else {
      refusedCount += 1
      refuse(unsafe refusal(bytes, frame, unit, because: RefusalText.of(frame, rules)))
      return false
    }
    var fields = walker.fields
    let facts = EventFacts(&fields)
    let id = EventId(
      frame: content, occurrence: occurrence, salt: salt(facts.time != nil, unit),
      seed: rules.idSeed)
    let stamp = stamp(id, facts, frame, arrivalMilliseconds)
    writer.write(facts, &fields, stamp, unit)
    guard writer.sink.count <= rules.storedBytesMax else {
      refusedCount += 1
      let message = RefusalText.tooLarge(linesBytes: writer.sink.count, rules)
      refuse(unsafe refusal(bytes, frame, unit, because: (.tooLong, message)))
      return false
    }
    writer.note(stamp, frame, isRepeated: occurrence > 0, unreadable: fields.unreadable)
    add(stamp, builder)
    acceptedCount += 1
    return true
  }

  /// The document that was written last goes into the block.
  private func add(_ stamp: FrameStamp, _ builder: BlockBuilder) {
    let lines = unsafe writer.sink.bytes
    unsafe builder.append(
      actionAndDocument: lines,
      item: BlockItem(
        fingerprint: stamp.id.high, rawLengthBytes: UInt32(lines.count), day: stamp.day))
  }

  /// The price always follows the event's own time; the index does within the limits.
  private func stamp(
    _ id: EventId, _ facts: EventFacts, _ frame: cjson_frame, _ arrivalMilliseconds: Int64
  ) -> FrameStamp {
    let arrival = EventTime(clamping: arrivalMilliseconds)
    let time = facts.time ?? arrival
    let ahead = time.milliseconds - arrival.milliseconds
    let isClamped =
      ahead > futureMaxMilliseconds || -ahead > pastMaxMilliseconds
    return FrameStamp(
      id: id, time: time, isArrivalTime: facts.time == nil,
      day: isClamped ? arrival.day : time.day, isTimeClamped: isClamped,
      isRepaired: frame.repaired != 0)
  }

  /// Nothing for frames with a time of their own: the same bytes are the same event wherever they come from.
  private mutating func salt(_ hasOwnTime: Bool, _ unit: FrameUnit) -> (UInt64, UInt64) {
    if hasOwnTime { return (0, 0) }
    if unit.source.input == .file { return (1, unit.lineCount) }
    nonceCounter += 1
    return (nonce, intake << 48 | nonceCounter)
  }

  private func refusal(
    _ bytes: UnsafeRawBufferPointer, _ frame: cjson_frame, _ unit: FrameUnit,
    because cause: (reason: Refusal.Reason, message: String)
  ) -> Refusal {
    let shown = unsafe Self.slice(bytes, frame).prefix(Self.refusedBytesMax)
    return Refusal(
      reason: cause.reason, frame: unit.frameCount, message: cause.message,
      scrubbed: RefusedFrame.shape(of: unsafe Array(shown)))
  }

  private static func slice(
    _ bytes: UnsafeRawBufferPointer, _ frame: cjson_frame
  ) -> UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(rebasing: bytes[frame.offset..<frame.offset + frame.length])
  }
}
