/// The values an event can bring, each once, whatever its sender calls them.
///
/// The raw value is the slot of the walker's table. A field is not always one of the document: some are only read to
/// work others out.
enum Field: UInt8, CaseIterable, Sendable {
  // Times.
  case timestamp, loggedAt, startTime, endTime, completionStartTime
  // Names of the event and the call.
  case eventId, requestId, auditId, responseId, sessionId, traceId, requestHash, responseHash
  case requestType, modelUsed, modelRequested, modelServed, provider, endpoint
  case environment, teamKey, teamNamed, teamClaimed, userId, clientIp
  case feature, cohort, taskType, attempt, tags, requestTags
  // Tokens.
  case promptTokens, completionTokens, totalTokens, cachedTokens
  case cacheWriteTokens, cacheWrite5mTokens, cacheWrite1hTokens, reasoningTokens
  /// All of them in one text, as Python prints them.
  case usageText
  // Durations.
  case latency, responseSeconds, timeToFirstToken, relayOverhead
  // Cost.
  case reportedCost, savedCacheCost, serviceTier, region
  // How it went.
  case status, success, statusCode, errorType, errorCode, errorMessage
  case circuitState, fallback, cacheHit, stream, streamComplete, finishReason
  case temperature, maxTokens

  var bit: UInt64 { 1 << UInt64(rawValue) }

  /// What its values are read as; what can not be goes to `extra` under the path it came by.
  enum Reading: Sendable {
    /// A short name without free text; numbers are taken as their digits.
    case identifier
    /// Kept text, scrubbed.
    case freeText
    case usage, count, integer, milliseconds, number, flag, time, address
    /// `success`, `200`: read where the outcome is worked out.
    case status
    case amount
  }

  /// Whether its strings may stand in a document as names do; those of the others are looked into by whoever reads them.
  var isName: Bool { reading == .identifier }

  var reading: Reading {
    switch self {
    case .timestamp, .loggedAt, .startTime, .endTime, .completionStartTime: .time
    case .promptTokens, .completionTokens, .totalTokens, .cachedTokens, .cacheWriteTokens,
      .cacheWrite5mTokens, .cacheWrite1hTokens, .reasoningTokens:
      .count
    case .usageText: .usage
    case .attempt, .maxTokens, .statusCode: .integer
    case .latency, .timeToFirstToken, .relayOverhead, .responseSeconds: .milliseconds
    case .temperature: .number
    case .success, .fallback, .cacheHit, .stream, .streamComplete: .flag
    case .reportedCost, .savedCacheCost: .amount
    case .status: .status
    case .clientIp: .address
    case .errorMessage: .freeText
    default: .identifier
    }
  }
}
