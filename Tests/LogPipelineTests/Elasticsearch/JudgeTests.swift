import LogPipeline
import Testing

/// Goal: each kind of answer leads to what docs/delivery.md says. Method: answers by hand, one a case.
@Suite struct JudgeTests {
  private func judge(
    _ status: Int, _ body: String = "", sent: Int = 1, headers: [String: String] = [:]
  ) -> Verdict {
    Judge.judge(
      .success(HttpAnswer(status: status, headers: headers, body: Array(body.utf8))),
      itemsSent: sent, wallMilliseconds: 0)
  }

  private func error(_ status: Int, _ type: String) -> ItemError {
    ItemError(status: status, type: type, reason: "")
  }

  private func item(_ status: Int, _ type: String, _ reason: String = "") -> ItemVerdict {
    Judge.judge(
      item: BulkAnswer.Item(
        status: status, error: ItemError(status: status, type: type, reason: reason)))
  }

  @Test func `items that were stored are delivered`() {
    let good = #"{"errors":false,"items":[{"create":{"status":201}},{"create":{"status":200}}]}"#
    #expect(judge(200, good, sent: 2) == .allDelivered)
  }

  @Test func `each item is judged for itself`() {
    let body = """
      {"errors":true,"items":[{"create":{"status":201}},{"create":{"status":409,"error":{"type":"x"}}},\
      {"create":{"status":429,"error":{"type":"es_rejected_execution_exception"}}},\
      {"create":{"status":503,"error":{"type":"unavailable_shards_exception"}}},\
      {"create":{"status":500,"error":{"type":"string_index_out_of_bounds_exception"}}}]}
      """
    #expect(
      judge(200, body, sent: 5)
        == .items([
          .delivered, .conflict,
          .retry(.tooManyRequests, error(429, "es_rejected_execution_exception")),
          .retry(.unavailable, error(503, "unavailable_shards_exception")),
          .retry(.serverError, error(500, "string_index_out_of_bounds_exception")),
        ]))
  }

  @Test(arguments: [
    (400, "document_parsing_exception", ""), (400, "mapper_parsing_exception", ""),
    (400, "strict_dynamic_mapping_exception", ""), (500, "not_x_content_exception", ""),
    (
      400, "illegal_argument_exception",
      #"Document contains at least one immense term in field="x""#
    ),
    (400, "illegal_argument_exception", "Limit of total fields [10] has been exceeded"),
    (400, "illegal_argument_exception", "Limit of mapping depth [20] has been exceeded"),
    (400, "illegal_argument_exception", "can't merge a non object mapping [x] with an object"),
    (400, "illegal_argument_exception", "mapper [x] cannot be changed from type [long] to [text]"),
    (400, "illegal_argument_exception", "if _id is specified it must not be empty"),
  ])
  func `a fault of the document itself is a dead letter`(
    status: Int, type: String, reason: String
  ) {
    #expect(
      item(status, type, reason)
        == .dead(ItemError(status: status, type: type, reason: reason)))
  }

  @Test(arguments: [
    (400, "index_closed_exception", "closed"), (403, "cluster_block_exception", "blocked"),
    (403, "security_exception", "unauthorized"), (404, "index_not_found_exception", "no such"),
    (400, "validation_exception", "this action would add [2] shards"),
    (400, "invalid_index_name_exception", "must be lowercase"),
    (400, "illegal_argument_exception", "no write index is defined for alias [x]"),
    (400, "illegal_argument_exception", "pipeline with id [x] does not exist"),
    (400, "illegal_argument_exception", "something new"), (400, "a_new_exception", ""),
    (404, "resource_not_found_exception", "not a data stream"), (300, "odd", ""),
  ])
  func `anything else that refuses an item parks it and is never a dead letter`(
    status: Int, type: String, reason: String
  ) {
    #expect(
      item(status, type, reason)
        == .park(ItemError(status: status, type: type, reason: reason)))
  }

  @Test func `the disk's flood stage is tried again, although it is a block`() {
    #expect(
      item(429, "cluster_block_exception")
        == .retry(.tooManyRequests, error(429, "cluster_block_exception")))
  }

  @Test func `a good item among those refused for another's fault is sent alone`() {
    let error = ItemError(status: 400, type: "action_request_validation_exception", reason: "")
    #expect(item(400, "action_request_validation_exception") == .isolate(error))
  }

  @Test func `whole answers`() {
    let error = #"{"error":{"type":"t","reason":"r"},"status":400}"#
    #expect(judge(400, error) == .bisect(ItemError(status: 400, type: "t", reason: "r")))
    #expect(judge(401, error) == .pause(ItemError(status: 401, type: "t", reason: "r")))
    #expect(judge(403, error) == .pause(ItemError(status: 403, type: "t", reason: "r")))
    #expect(judge(413) == .tooLarge)
    let causes: [(Int, RetryCause)] = [
      (429, .tooManyRequests), (500, .serverError), (502, .unavailable), (503, .unavailable),
      (504, .unavailable), (301, .unexpectedStatus), (404, .unexpectedStatus),
      (405, .unexpectedStatus), (406, .unexpectedStatus), (201, .unexpectedStatus),
    ]
    for (status, cause) in causes {
      guard case .again(cause, _, nil, mayBeStored: true) = judge(status, "<html>") else {
        Issue.record("\(status) became \(judge(status, "<html>"))")
        continue
      }
    }
  }

  @Test func `Retry-After is taken along`() {
    guard case .again(_, _, .seconds(7), _) = judge(503, "", headers: ["retry-after": "7"]) else {
      Issue.record("no wait")
      return
    }
  }

  @Test(arguments: [
    "", "<html>ok</html>", "{}", #"{"errors":false,"items":[]}"#, #"{"items":{}}"#,
    #"{"errors":false,"items":[{"create":{"status":201}}]"#,
    #"{"errors":false,"items":[{"create":{"status":201}},{"create":{"status":201}}]}"#,
    #"{"errors":true,"items":[{"create":{"error":{"type":"x"}}}]}"#,
    #"{"errors":false,"items":[{"create":{"status":"201"}}]}"#,
  ])
  func `a 200 that can not be matched with what was sent tells nothing`(body: String) {
    guard case .again(let cause, _, nil, mayBeStored: true) = judge(200, body, sent: 1) else {
      Issue.record("\(body) was believed")
      return
    }
    #expect(cause == .unreadableAnswer || cause == .itemCountWrong)
  }

  @Test func `without an answer all is sent again`() {
    for kind in [TransportFailure.Kind.refused, .reset, .timeout, .closedWithoutAnswer, .tls] {
      let failure = TransportFailure(kind: kind, detail: "d", mayBeStored: kind == .reset)
      guard case .again(_, _, nil, let mayBeStored) = Judge.judge(failure) else {
        Issue.record("\(kind)")
        continue
      }
      #expect(mayBeStored == (kind == .reset))
    }
    let aborted = TransportFailure(kind: .aborted, detail: "", mayBeStored: true)
    #expect(Judge.judge(aborted) == .aborted(mayBeStored: true))
  }
}
