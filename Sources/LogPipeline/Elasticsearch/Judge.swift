/// Reads an answer: what became of each item. Pure: no clock, no memory; docs/delivery.md is its table in prose.
package enum Judge {
  /// Errors that are a document's own fault, always.
  private static let documentFaults: Set<String> = [
    "document_parsing_exception", "mapper_parsing_exception", "strict_dynamic_mapping_exception",
    "not_x_content_exception",
  ]
  /// `illegal_argument_exception` is said of documents, indices, aliases and pipelines alike: only these reasons
  /// are a document's own fault.
  private static let documentReasons = [
    "immense term", "Limit of total fields", "Limit of mapping depth",
    "Limit of nested", "can't merge a non object mapping", "can't merge a non-nested mapping",
    "object mapping [", "cannot be changed from type", "if _id is specified it must not be empty",
    "field name cannot", "Field name cannot", "Document nesting depth",
  ]

  /// Said of an index, whatever the document: closed, blocked, missing, forbidden, over the shard limit, badly named.
  private static let indexFaults: Set<String> = [
    "index_closed_exception", "cluster_block_exception", "security_exception",
    "index_not_found_exception", "resource_not_found_exception", "validation_exception",
    "invalid_index_name_exception",
  ]
  /// The same, of `illegal_argument_exception`.
  private static let indexReasons = [
    "no write index is defined", "pipeline with id", "is not a data stream", "data stream",
  ]

  package static func judge(
    _ result: Result<HttpAnswer, TransportFailure>, itemsSent: Int, wallMilliseconds: Int64
  ) -> Verdict {
    switch result {
    case .failure(let failure): judge(failure)
    case .success(let answer):
      answer.status == 200
        ? judge(items: answer, itemsSent: itemsSent)
        : judge(whole: answer, wallMilliseconds: wallMilliseconds)
    }
  }

  package static func judge(_ failure: TransportFailure) -> Verdict {
    let cause: RetryCause =
      switch failure.kind {
      case .aborted: .paused
      case .unresolved: .unresolved
      case .refused: .refused
      case .timeout: .timeout
      case .reset, .other: .reset
      case .tls: .tls
      case .closedWithoutAnswer: .closedWithoutAnswer
      case .answerTooLarge: .unreadableAnswer
      }
    if failure.kind == .aborted { return .aborted(mayBeStored: failure.mayBeStored) }
    let error = ItemError(status: 0, type: failure.kind.rawValue, reason: failure.detail)
    return .again(cause: cause, error: error, wait: nil, mayBeStored: failure.mayBeStored)
  }

  private static func judge(whole answer: HttpAnswer, wallMilliseconds: Int64) -> Verdict {
    let error = BulkAnswer.wholeError(answer)
    let wait = RetryAfter.wait(
      answer.headers["retry-after"], wallMilliseconds: wallMilliseconds)
    func again(_ cause: RetryCause) -> Verdict {
      // Incremental bulk may have stored a part before it failed.
      .again(cause: cause, error: error, wait: wait, mayBeStored: true)
    }
    return switch answer.status {
    case 400: .bisect(error)
    case 401, 403: .pause(error)
    case 413: .tooLarge
    case 429: again(.tooManyRequests)
    case 502, 503, 504: again(.unavailable)
    case 500...599: again(.serverError)
    default: again(.unexpectedStatus)
    }
  }

  private static func judge(items answer: HttpAnswer, itemsSent: Int) -> Verdict {
    guard let read = BulkAnswer.parse(answer.body) else {
      let error = ItemError(
        status: 200, type: "unreadable_answer",
        reason: "\(answer.body.count) bytes of \(answer.headers["content-type"] ?? "no type")")
      return .again(cause: .unreadableAnswer, error: error, wait: nil, mayBeStored: true)
    }
    guard read.count == itemsSent else {
      let error = ItemError(
        status: 200, type: "item_count_wrong",
        reason: "\(read.count) items answered, \(itemsSent) sent")
      return .again(cause: .itemCountWrong, error: error, wait: nil, mayBeStored: true)
    }
    switch read {
    case .allCreated: return .allDelivered
    case .items(let items):
      let verdicts = items.map(judge(item:))
      return verdicts.allSatisfy { $0 == .delivered } ? .allDelivered : .items(verdicts)
    }
  }

  package static func judge(item: BulkAnswer.Item) -> ItemVerdict {
    let error =
      item.error ?? ItemError(status: item.status, type: "unknown", reason: "no reason given")
    // Before the status: Elasticsearch answers 500 to a document that is no object.
    if documentFaults.contains(error.type), item.status >= 400, item.status != 429 {
      return .dead(error)
    }
    switch item.status {
    case 200, 201: return .delivered
    case 409: return .conflict
    case 429: return .retry(.tooManyRequests, error)
    case 500...599: return .retry(item.status == 503 ? .unavailable : .serverError, error)
    default: break
    }
    if error.type == "action_request_validation_exception" { return .isolate(error) }
    if item.status == 400, error.type == "illegal_argument_exception",
      documentReasons.contains(where: error.reason.contains)
    {
      return .dead(error)
    }
    return .park(error)
  }

  /// Whether an error that parks an item is its index's, and so that of every event for it.
  package static func isOfIndex(_ error: ItemError) -> Bool {
    indexFaults.contains(error.type)
      || error.type == "illegal_argument_exception"
        && indexReasons.contains(where: error.reason.contains)
  }
}
