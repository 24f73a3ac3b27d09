import CSimdjson

/// The same way as every event's, told about.
extension EventWork {
  /// Whole lines, as ``process(lines:unit:into:refuse:)`` takes them.
  mutating func account(
    lines bytes: UnsafeRawBufferPointer, unit: FrameUnit, each: (EventAccount) -> Void
  ) {
    writer.begin(unit)
    var at = 0
    walker.beginGroup()
    while unsafe walker.readLines(bytes, at: &at, max: 1) > 0 {
      each(unsafe account(bytes, unit))
      walker.beginGroup()
    }
    walker.rest()
  }

  /// One frame, as ``process(frame:unit:into:refuse:)`` takes it.
  mutating func account(
    frame bytes: UnsafeRawBufferPointer, unit: FrameUnit, each: (EventAccount) -> Void
  ) {
    guard unsafe walker.readFrame(bytes) else { return }
    writer.begin(unit)
    each(unsafe account(bytes, unit))
    walker.rest()
  }

  private mutating func account(
    _ bytes: UnsafeRawBufferPointer, _ unit: FrameUnit
  ) -> EventAccount {
    let arrival = EventTime(clamping: clock.wallMilliseconds())
    let before = counters
    var block = BlockFilling(intake: 0, buffers: nil)
    var pages = UsageBook.Pages()
    var refusal: Refusal?
    let isTaken = unsafe takeOne(bytes, arrival, unit, &block, &pages) { refusal = $0 }
    let frame = unsafe Array(Self.slice(bytes, walker.frame))
    guard isTaken else {
      return EventAccount(
        frame: frame, number: unit.tally.frames, outcome: nil, refusal: refusal)
    }
    let counts = counters.since(before)
    block.seal(sourceOffsetBytes: nil)
    let lines = (block.sealed.first.map { Array($0.bytes) } ?? []).split(
      separator: UInt8(ascii: "\n"))
    let outcome = outcome(of: lines, arrival, unit, counts)
    return EventAccount(frame: frame, number: unit.tally.frames, outcome: outcome, refusal: nil)
  }

  /// The walker still holds the frame's fields. What could not be read is known once they are written, so they are
  /// written a second time.
  private mutating func outcome(
    of lines: [ArraySlice<UInt8>], _ arrival: EventTime, _ unit: FrameUnit, _ counts: EventCounters
  ) -> EventAccount.Outcome {
    var fields = walker.fields
    var facts = EventFacts()
    facts.read(&fields)
    let stamp = stamp(
      EventId(high: 0, low: 0), facts.time, isRepaired: walker.frame.repaired != 0, arrival)
    writer.sink.removeAll()
    writer.write(facts, &fields, stamp, unit)
    return EventAccount.Outcome(
      action: Array(lines.first ?? []), document: Array(lines.last ?? []), shape: facts.shape,
      readings: fields.readings, call: writer.pricedCall(facts, &fields, stamp),
      isCacheHit: facts.isCacheHit == true, contentStrings: Int(walker.frame.content_count),
      counts: counts)
  }
}

extension FrameFields {
  /// Which fields the frame brought, and under which of their names.
  fileprivate var readings: [EventAccount.Reading] {
    var readings: [EventAccount.Reading] = []
    func add(_ field: Field, _ value: FieldValue) {
      readings.append(
        EventAccount.Reading(
          field: field, path: String(decoding: FieldTable.dottedPaths[value.row], as: UTF8.self),
          traits: FieldTable.traits[value.row], isReadable: unreadable & field.bit == 0))
    }
    for field in Field.allCases where isPresent(field) { add(field, unreadableValue(field)) }
    var listed: Set<Field> = []
    for index in 0..<leafCount {
      let value = leaf(index)
      guard let field = Field(rawValue: value.slot), listed.insert(field).inserted else { continue }
      add(field, value)
    }
    return readings
  }
}

extension DocumentWriter {
  /// What the cost of the event at hand was asked for with.
  fileprivate mutating func pricedCall(
    _ facts: EventFacts, _ fields: inout FrameFields, _ stamp: FrameStamp
  ) -> PricedCall {
    let asked = book(of: facts.shape)
    var rawModel: [UInt8]?
    var match: ModelMatch?
    if let value = fields.value(modelField(fields)), value.kind == FrameFields.Kind.string,
      isShown(value, &fields)
    {
      let name = unsafe fields.bytes(of: value)
      rawModel = unsafe Array(name)
      match = unsafe models.resolve(name, book: asked)
    }
    return PricedCall(
      rawModel: rawModel, askedBook: asked, match: match, usage: facts.usage,
      hasUsage: facts.hasUsage, time: stamp.time, basis: meaning.basis,
      serviceTier: serviceTier(&fields), region: region(&fields))
  }
}
