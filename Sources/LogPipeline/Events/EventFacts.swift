import CSimdjson

/// What an event says, worked out: one meaning for all the ways its senders write it.
struct EventFacts {
  enum Shape: Sendable { case relay, liteLlm, openTelemetry }
  enum Outcome { case success, failure, truncated }

  var shape = Shape.relay
  /// The event's own; nil when it brought none.
  var time: EventTime?
  var usage = TokenUsage()
  var hasUsage = false
  var isTotalMismatched = false
  var latencyMs: Double?
  var timeToFirstTokenMs: Double?
  var relayOverheadMs: Double?
  var statusCode: Int64?
  var outcome: Outcome?
  var isTransportFailure = false
  var attempt: Int64?
  var maxTokens: Int64?
  var temperature: Double?
  var isStream: Bool?
  var isStreamComplete: Bool?
  var isFallback: Bool?
  var isCacheHit: Bool?
  var reportedPicoUsd: Int64?
  var savedCachePicoUsd: Int64?

  /// Reads all fields that are no names, into facts that know nothing yet. What can not be read is left with `fields` as
  /// unreadable.
  mutating func read(_ fields: inout FrameFields) {
    if fields.traits.contains(.openTelemetry) { shape = .openTelemetry }
    if fields.traits.contains(.liteLlm) { shape = .liteLlm }
    readTimes(&fields)
    readOutcome(&fields)
    readUsage(&fields)
    attempt = fields.integer(.attempt, in: 0...Int64(Int32.max))
    maxTokens = fields.integer(.maxTokens, in: 0...Int64(Int32.max))
    temperature = fields.number(.temperature, in: -1000...1000)
    isFallback = fields.flag(.fallback)
    isCacheHit = fields.flag(.cacheHit)
    reportedPicoUsd = fields.picoUsd(.reportedCost)
    savedCachePicoUsd = fields.picoUsd(.savedCacheCost)
  }

  private mutating func readTimes(_ fields: inout FrameFields) {
    let start = fields.time(.startTime)
    let end = fields.time(.endTime)
    let firstToken = fields.time(.completionStartTime)
    time = fields.time(.timestamp) ?? start ?? fields.time(.loggedAt)
    isStream = fields.flag(.stream)
    latencyMs = fields.milliseconds(.latency)
    let seconds = fields.number(.responseSeconds, in: 0...1e9)
    let whole = start.flatMap { start in end.flatMap { Self.span(start, $0) } }
    // LiteLLM's response_time ends with the first token of a stream.
    if latencyMs == nil, isStream == true { latencyMs = whole }
    latencyMs = latencyMs ?? seconds.map { Self.rounded($0 * 1000) } ?? whole
    relayOverheadMs = fields.milliseconds(.relayOverhead)
    timeToFirstTokenMs = fields.milliseconds(.timeToFirstToken)
    if timeToFirstTokenMs == nil, isStream == true, let start, let firstToken {
      timeToFirstTokenMs = Self.span(start, firstToken)
    }
  }

  private mutating func readUsage(_ fields: inout FrameFields) {
    usage.promptTokens = fields.count(.promptTokens)
    usage.completionTokens = fields.count(.completionTokens)
    var total = fields.count(.totalTokens)
    var cached = fields.count(.cachedTokens)
    var reasoning = fields.count(.reasoningTokens)
    var allWrites = fields.count(.cacheWriteTokens)
    if fields.has(.usageText), let written = Self.usageText(&fields) {
      usage.promptTokens = usage.promptTokens ?? written.promptTokens
      usage.completionTokens = usage.completionTokens ?? written.completionTokens
      total = total ?? written.totalTokens
      cached = cached ?? written.cachedTokens
      reasoning = reasoning ?? written.reasoningTokens
      allWrites = allWrites ?? written.cacheWriteTokens
    }
    usage.cachedTokens = cached ?? 0
    usage.reasoningTokens = reasoning ?? 0
    let writes5m = fields.count(.cacheWrite5mTokens)
    usage.cacheWrite1hTokens = fields.count(.cacheWrite1hTokens) ?? 0
    usage.cacheWriteTokens =
      writes5m ?? max(0, (allWrites ?? 0) - usage.cacheWrite1hTokens)
    if fields.has(.excludesThoughts, of: .completionTokens) {
      usage.completionTokens? += usage.reasoningTokens
    }
    // LiteLLM has added the cache to its own count already.
    if shape != .liteLlm, fields.has(.excludesCache, of: .promptTokens) {
      if fields.has(.excludesCache, of: .cachedTokens) {
        usage.promptTokens? += usage.cachedTokens
      }
      if fields.has(.excludesCache, of: .cacheWriteTokens) {
        usage.promptTokens? += usage.cacheWriteTokens + usage.cacheWrite1hTokens
      }
    }
    let isAllZero =
      (usage.promptTokens ?? 0) == 0 && (usage.completionTokens ?? 0) == 0 && (total ?? 0) == 0
    // A call that failed before it used anything says zero and means nothing.
    hasUsage = !isAllZero || (outcome != .failure && (usage.promptTokens ?? total) != nil)
    guard hasUsage else {
      usage = TokenUsage()
      return
    }
    recomputeTotal(reported: total)
  }

  @inline(never) private static func usageText(_ fields: inout FrameFields) -> UsageText? {
    guard let value = fields.value(.usageText) else { return nil }
    if value.kind == FrameFields.Kind.string, let read = unsafe UsageText(fields.bytes(of: value)) {
      return read
    }
    return fields.refuse(.usageText)
  }

  private mutating func recomputeTotal(reported: Int64?) {
    guard let prompt = usage.promptTokens ?? (reported == nil ? 0 : nil),
      let completion = usage.completionTokens ?? (reported == nil ? 0 : nil)
    else {
      usage.totalTokens = reported
      return
    }
    usage.totalTokens = prompt + completion
    isTotalMismatched = reported != nil && reported != usage.totalTokens
  }

  private mutating func readOutcome(_ fields: inout FrameFields) {
    statusCode = fields.integer(.statusCode, in: 0...999)
    isStreamComplete = fields.flag(.streamComplete)
    let success = fields.flag(.success)
    let status = Self.status(&fields)
    if statusCode == nil { statusCode = status.code }
    let hasMessage = Self.hasError(&fields)
    let hasError = hasMessage || fields.has(.errorType) || fields.has(.errorCode)
    isTransportFailure = statusCode == 0 && !fields.has(.errorType)
    let isBadCode = statusCode.map { $0 == 0 || $0 >= 400 } ?? false
    // One sign of failure is enough: senders write `success: true` beside a 504.
    if hasError || isBadCode || success == false || status.isSuccess == false {
      outcome = .failure
    } else if isStreamComplete == false {
      outcome = .truncated
    } else if success == true || status.isSuccess == true || statusCode != nil {
      outcome = .success
    }
  }

  /// `error` is a text. `true` means one without text, `false` none; neither can be a message.
  private static func hasError(_ fields: inout FrameFields) -> Bool {
    guard let value = fields.value(.errorMessage) else { return false }
    if value.kind == FrameFields.Kind.string { return true }
    let _: Bool? = fields.refuse(.errorMessage)
    return value.kind != FrameFields.Kind.no
  }

  /// `status` is a word or a code.
  private static func status(
    _ fields: inout FrameFields
  ) -> (isSuccess: Bool?, code: Int64?) {
    guard let value = fields.value(.status) else { return (nil, nil) }
    if value.kind == FrameFields.Kind.string {
      let word = unsafe fields.bytes(of: value)
      for success: StaticString in ["success", "ok", "succeeded", "completed"]
      where unsafe word.equalsIgnoringCase(success) { return (true, nil) }
      for failure: StaticString in ["failure", "error", "failed"]
      where unsafe word.equalsIgnoringCase(failure) { return (false, nil) }
    }
    return (nil, fields.integer(.status, in: 0...999))
  }

  /// Nothing when the clocks contradict each other.
  private static func span(_ start: EventTime, _ end: EventTime) -> Double? {
    let milliseconds = end.milliseconds(since: start)
    return milliseconds >= 0 ? rounded(milliseconds) : nil
  }

  /// To the microsecond: what lies below came from arithmetic with fractions.
  private static func rounded(_ milliseconds: Double) -> Double {
    (milliseconds * 1000).rounded() / 1000
  }
}
