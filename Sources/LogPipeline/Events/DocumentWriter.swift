import CSimdjson

/// Writes an event's action line and document: lean, canonical, nothing in it that may not be kept.
///
/// Fields that seldom change stand side by side: it compresses better.
struct DocumentWriter: ~Copyable {
  var sink = ByteSink(capacity: 64 << 10)
  var counters = EventCounters()
  let rules: EventRules
  /// Of the source of the event at hand.
  private(set) var meaning: SourceMeaning
  var models: ModelMemory
  let hasher: ContentHasher
  let redactor = Redactor()
  var scratch: [UInt8] = []
  private var indices: IndexNames
  private var times = TimeText()
  private let armNames: [[UInt8]]
  let keyId: [UInt8]
  let priceVersion: [UInt8]
  /// The texts about prices written last, by the place of their model.
  var costTexts: KeptTexts
  var costTextsOf: [CostText?]
  /// Grows with each change of the rules: what units remember of older ones is void.
  var generation = 0
  /// Of the document written last.
  var call = CallAtHand()

  static let costTextsKept = 64
  private static let costTextBytesMax = 384
  /// Room for what is written in one go, which takes less than half of it.
  static let groupBytesMax = 1024
  private static let errorBytesRead = 5120
  /// Of a longer text this much of what was read is not kept: a secret may go on behind it.
  private static let errorBytesUnsure = 1024
  private static let errorBytesMax = 1024

  init(rules: EventRules, prices: PriceBooks) throws(PrivacyError) {
    self.rules = rules
    meaning = rules.meaning
    models = ModelMemory(books: prices, text: Self.text)
    hasher = try ContentHasher(key: rules.contentKey)
    indices = IndexNames(pattern: rules.indexPattern)
    armNames = rules.armNames.map { Array($0.utf8) }
    keyId = Array(rules.contentKey.id.utf8)
    priceVersion = Array(prices.version.utf8)
    costTexts = KeptTexts(places: Self.costTextsKept, textBytesMax: Self.costTextBytesMax)
    costTextsOf = Array(repeating: nil, count: Self.costTextsKept)
    scratch.reserveCapacity(Self.errorBytesRead)
  }

  /// The events to come are of this unit.
  mutating func begin(_ unit: FrameUnit) {
    if let known = unit.meaning, unit.meaningGeneration == generation {
      meaning = known
    } else {
      meaning = rules.meaning(of: unit.source)
      unit.meaning = meaning
      unit.meaningGeneration = generation
    }
  }

  /// Writes one event's two lines into the sink, which must be empty.
  mutating func write(
    _ facts: EventFacts, _ fields: inout FrameFields, _ stamp: FrameStamp, _ unit: FrameUnit
  ) {
    indices.writeActionLine(day: stamp.day, to: &sink)
    var text = sink.begin(atMost: Self.groupBytesMax)
    unsafe stamp.id.write(to: text.place)
    text.advance(by: EventId.textBytes)
    text.literal("\"}}\n")
    sink.end(text)
    let start = sink.count
    document(facts, &fields, stamp, unit, isReduced: false)
    if sink.count - start > rules.eventBytesMax {
      sink.rollBack(to: start)
      document(facts, &fields, stamp, unit, isReduced: true)
      counters.oversized += 1
    }
    sink.byte(UInt8(ascii: "\n"))
  }

  /// Counts what the document written last was like.
  mutating func note(
    _ stamp: FrameStamp, _ frame: cjson_frame, isRepeated: Bool, unreadable: UInt64
  ) {
    if meaning.content != .keep { counters.redactedStrings += UInt64(frame.content_count) }
    counters.duplicateKeys += UInt64(frame.duplicate_keys)
    if unreadable != 0 { counters.unreadableFields += UInt64(unreadable.nonzeroBitCount) }
    if stamp.isRepaired { counters.repaired += 1 }
    if stamp.isTimeClamped { counters.timeClamped += 1 }
    if stamp.isArrivalTime { counters.arrivalTimed += 1 }
    if isRepeated { counters.repeatedFrames += 1 }
  }

  private mutating func document(
    _ facts: EventFacts, _ fields: inout FrameFields, _ stamp: FrameStamp, _ unit: FrameUnit,
    isReduced: Bool
  ) {
    var text = sink.begin(atMost: Self.groupBytesMax)
    text.literal("{\"@timestamp\":\"")
    if let value = fields.value(.timestamp), value.kind == FrameFields.Kind.string,
      unsafe TimeText.isAsWritten(fields.bytes(of: value))
    {
      unsafe text.copy(fields.bytes(of: value), count: TimeText.commonBytes)
    } else {
      text.advance(by: unsafe times.write(stamp.time, to: text.place))
    }
    text.literal("\",\"schema_version\":\"1\"")
    if stamp.isArrivalTime { text.literal(",\"timestamp_source\":\"arrival\"") }
    if stamp.isTimeClamped { text.literal(",\"time_clamped\":true") }
    if stamp.isRepaired { text.literal(",\"repaired\":true") }
    if isReduced { text.literal(",\"oversized\":true") }
    sink.end(text)
    identifier(",\"request_type\":", .requestType, &fields)
    call = CallAtHand()
    call.teamsAt = sink.count
    teams(&fields, unit)
    if !identifier(",\"environment\":", .environment, &fields) {
      given(",\"environment\":", unit.environment)
    }
    provider(&fields)
    model(facts, &fields, stamp)
    identifier(",\"endpoint\":", .endpoint, &fields)
    identifier(",\"feature\":", .feature, &fields)
    identifier(",\"cohort\":", .cohort, &fields)
    identifier(",\"task_type\":", .taskType, &fields)
    how(facts, &fields, isReduced: isReduced)
    request(facts)
    usage(facts)
    durations(facts)
    names(&fields)
    let isUserHashed = user(&fields)
    address(&fields)
    list(",\"tags\":", .tags, &fields)
    list(",\"request_tags\":", .requestTags, &fields)
    fingerprints(&fields, isUserHashed: isUserHashed)
    if !isReduced {
      if meaning.content == .keep { keptContent(&fields) }
      extra(&fields)
    }
    sink.byte(UInt8(ascii: "}"))
  }

  /// A proven team wins; one that is merely named counts as far as its source is trusted.
  private mutating func teams(_ fields: inout FrameFields, _ unit: FrameUnit) {
    var isNamedUsed = false
    var isHeaderUsed = false
    if unit.teamId != nil {
      given(",\"team_id\":", unit.teamId)
      // What would have been the team without the key.
      if identifier(",\"team_id_claimed\":", .teamKey, &fields) { return }
    } else if identifier(",\"team_id\":", .teamKey, &fields) {
    } else if rules.trustsNamedTeam, identifier(",\"team_id\":", .teamNamed, &fields) {
      isNamedUsed = true
    } else if meaning.trustsTeamHeader {
      isHeaderUsed = identifier(",\"team_id\":", .teamClaimed, &fields)
      if !isHeaderUsed, unit.teamIdClaimed != nil {
        given(",\"team_id\":", unit.teamIdClaimed)
        isHeaderUsed = true
      }
    }
    if !isHeaderUsed {
      if identifier(",\"team_id_claimed\":", .teamClaimed, &fields) { return }
      if unit.teamIdClaimed != nil { return given(",\"team_id_claimed\":", unit.teamIdClaimed) }
    }
    if !isNamedUsed { identifier(",\"team_id_claimed\":", .teamNamed, &fields) }
  }

  /// A record of an A/B test names its arm where others name their provider, and no model.
  private mutating func provider(_ fields: inout FrameFields) {
    if !fields.has(.modelUsed), let value = fields.value(.provider),
      value.kind == FrameFields.Kind.string, unsafe isArm(fields.bytes(of: value))
    {
      identifier(",\"ab_arm\":", .provider, &fields)
    } else {
      identifier(",\"provider\":", .provider, &fields)
    }
  }

  private func isArm(_ name: UnsafeRawBufferPointer) -> Bool {
    armNames.contains { unsafe name.isEqual(to: $0) }
  }

  private mutating func how(_ facts: EventFacts, _ fields: inout FrameFields, isReduced: Bool) {
    var text = sink.begin(atMost: Self.groupBytesMax)
    switch facts.outcome {
    case .success: text.literal(",\"outcome\":\"success\"")
    case .failure: text.literal(",\"outcome\":\"failure\"")
    case .truncated: text.literal(",\"outcome\":\"truncated\"")
    case nil: break
    }
    text.integer(",\"status_code\":", facts.statusCode)
    sink.end(text)
    if let value = fields.value(.finishReason), value.kind == FrameFields.Kind.string,
      unsafe fields.bytes(of: value).equalsIgnoringCase("eos")
    {
      sink.literal(",\"finish_reason\":\"stop\"")
    } else {
      identifier(",\"finish_reason\":", .finishReason, &fields)
    }
    text = sink.begin(atMost: Self.groupBytesMax)
    text.flag(",\"stream\":", facts.isStream)
    text.flag(",\"stream_complete\":", facts.isStreamComplete)
    text.flag(",\"fallback\":", facts.isFallback)
    text.flag(",\"cache_hit\":", facts.isCacheHit)
    sink.end(text)
    identifier(",\"circuit_state\":", .circuitState, &fields)
    integer(",\"attempt\":", facts.attempt)
    if facts.outcome == .failure { error(facts, &fields, isReduced: isReduced) }
  }

  private mutating func error(_ facts: EventFacts, _ fields: inout FrameFields, isReduced: Bool) {
    let mark = sink.count
    sink.literal(",\"error\":{")
    let first = sink.count
    if facts.isTransportFailure {
      sink.literal("\"type\":\"transport\",")
    } else {
      member("\"type\":", .errorType, &fields)
    }
    member("\"code\":", .errorCode, &fields)
    if !isReduced, let value = fields.value(.errorMessage) {
      sink.literal("\"message\":")
      unsafe freeText(fields.bytes(of: value))
      sink.byte(UInt8(ascii: ","))
    }
    sink.closeObject(openedAt: mark, firstMemberAt: first)
  }

  /// Kept text: scrubbed, and cut where it gets long.
  private mutating func freeText(_ text: UnsafeRawBufferPointer) {
    scratch.removeAll(keepingCapacity: true)
    let read = unsafe UnsafeRawBufferPointer(rebasing: text.prefix(Self.errorBytesRead))
    counters.scrubbedMatches += UInt64(unsafe redactor.scrub(read, into: &scratch))
    if read.count < text.count { scratch.removeLast(min(scratch.count, Self.errorBytesUnsure)) }
    var end = min(scratch.count, Self.errorBytesMax)
    // Never through a character: continuation bytes start with the bits 10. The read may have been cut, too.
    if end < scratch.count || read.count < text.count {
      while end > 0, end == scratch.count || scratch[end] & 0xc0 == 0x80 { end -= 1 }
    }
    unsafe scratch.withUnsafeBytes {
      unsafe sink.string(UnsafeRawBufferPointer(rebasing: $0.prefix(end)), isPlain: false)
    }
  }

  private mutating func request(_ facts: EventFacts) {
    guard facts.temperature != nil || facts.maxTokens != nil else { return }
    var text = sink.begin(atMost: Self.groupBytesMax)
    let mark = unsafe text.place
    text.literal(",\"request\":{")
    let first = unsafe text.place
    if let temperature = facts.temperature {
      text.double("\"temperature\":", temperature)
      text.byte(UInt8(ascii: ","))
    }
    text.memberInteger("\"max_tokens\":", facts.maxTokens)
    unsafe text.closeObject(openedAt: mark, firstMemberAt: first)
    sink.end(text)
  }

  private mutating func durations(_ facts: EventFacts) {
    var text = sink.begin(atMost: Self.groupBytesMax)
    text.double(",\"latency_ms\":", facts.latencyMs)
    text.double(",\"ttft_ms\":", facts.timeToFirstTokenMs)
    text.double(",\"relay_overhead_ms\":", facts.relayOverheadMs)
    sink.end(text)
  }

  private mutating func names(_ fields: inout FrameFields) {
    if !identifier(",\"event_id\":", .eventId, &fields) {
      identifier(",\"event_id\":", .auditId, &fields)
    }
    identifier(",\"audit_id\":", .auditId, &fields)
    identifier(",\"request_id\":", .requestId, &fields)
    identifier(",\"response_id\":", .responseId, &fields)
    identifier(",\"trace_id\":", .traceId, &fields)
    identifier(",\"session_id\":", .sessionId, &fields)
    identifier(",\"request_hash\":", .requestHash, &fields)
    identifier(",\"response_hash\":", .responseHash, &fields)
  }
}
