import LogPipeline
import Testing

/// Goal: answers of real servers lead to what an operator would want. Method: run through a folder of recorded
/// exchanges, named by SHEEPSHIPPER_TEST_SAMPLES (it holds bulk-answers/); without it this is skipped.
@Suite struct AnswerSamplesTests {
  private static let folder = Environment.value(of: "SHEEPSHIPPER_TEST_SAMPLES").map {
    "\($0)/bulk-answers"
  }

  private struct Sample {
    let name: String
    let isBulk: Bool
    let verdict: Verdict
    /// How many the answer has.
    let items: Int64
    let stored: Int64?
    let isCut: Bool
  }

  private static func samples() throws -> [Sample] {
    guard let folder else { return [] }
    return try FileSystem.names(in: folder).filter { $0.hasSuffix(".json") }.map { name in
      let tree = try JsonValue.parse(FileSystem.read("\(folder)/\(name)"))
      let request = tree["request"]
      return Sample(
        name: name, isBulk: request?["path"]?.string?.contains("_bulk") == true,
        verdict: verdict(tree["answer"]), items: Int64(items(tree["answer"])),
        stored: tree["documents_stored"]?.integer, isCut: request?["body_cut"]?.bool == true)
    }
  }

  private static func items(_ answer: JsonValue?) -> Int {
    (try? JsonValue.parse(answer?["body"]?.string ?? ""))?["items"]?.elements?.count ?? 1
  }

  private static func verdict(_ answer: JsonValue?) -> Verdict {
    guard let status = answer?["status"]?.integer else {
      let kind: TransportFailure.Kind =
        switch answer?["failure"]?.string {
        case "connection refused": .refused
        case "closed without an answer": .closedWithoutAnswer
        case "TLS handshake failed", "server certificate not trusted": .tls
        default: .other
        }
      return Judge.judge(TransportFailure(kind: kind, detail: "", mayBeStored: false))
    }
    let body = Array((answer?["body"]?.string ?? "").utf8)
    return Judge.judge(
      .success(HttpAnswer(status: Int(status), body: body)), itemsSent: items(answer),
      wallMilliseconds: 0)
  }

  /// One word for a verdict; of items, the words of all, each once.
  private static func words(_ verdict: Verdict) -> Set<String> {
    switch verdict {
    case .allDelivered: ["delivered"]
    case .again: ["again"]
    case .bisect: ["bisect"]
    case .tooLarge: ["split"]
    case .pause: ["pause"]
    case .aborted: ["aborted"]
    case .items(let items):
      Set(
        items.map {
          switch $0 {
          case .delivered: "delivered"
          case .conflict: "conflict"
          case .retry: "retry"
          case .dead: "dead"
          case .park: "park"
          case .isolate: "isolate"
          }
        })
    }
  }

  /// What must come out, by the beginning of the case's name: the longest that fits decides.
  private static let expected: [(prefix: String, allowed: Set<String>)] = [
    ("created", ["delivered"]), ("conflict-create", ["conflict", "delivered"]),
    ("mapping-", ["dead", "delivered"]), ("json-", ["dead", "delivered"]),
    ("nesting-", ["dead", "delivered"]), ("keyword-", ["dead", "delivered"]),
    ("flat-", ["dead", "delivered", "bisect"]), ("field-name", ["dead", "delivered"]),
    ("total-fields", ["dead", "delivered", "bisect"]), ("id-empty", ["dead", "delivered"]),
    ("id-over-512", ["bisect"]), ("index-name-missing", ["bisect"]),
    ("incremental-late-malformed", ["bisect"]),
    ("incremental-late-id-too-long", ["isolate", "delivered"]),
    ("index-closed", ["park", "delivered"]),
    ("index-block-write", ["park", "delivered"]),
    ("index-block-flood-stage", ["retry", "delivered"]),
    ("cluster-read-only", ["pause"]), ("auto-create-off", ["park", "delivered"]),
    ("shard-limit-reached", ["park", "delivered"]),
    ("index-name-invalid", ["park", "delivered", "dead"]),
    ("alias-without-write-index", ["park", "delivered"]),
    ("pipeline-missing", ["park", "delivered"]),
    ("wait-for-active-shards", ["retry"]), ("write-queue-full", ["retry", "delivered"]),
    ("indexing-pressure", ["again"]), ("breaker-", ["again"]), ("content-too-large", ["split"]),
    ("content-one-byte-over", ["split"]), ("content-at-the-limit", ["delivered"]),
    ("content-type-missing", ["again"]), ("gzip-broken", ["again"]), ("gzip-not-gzip", ["again"]),
    ("no-master", ["again"]), ("starting-", ["again"]), ("tls-no-credentials", ["pause"]),
    ("tls-wrong-password", ["pause"]), ("tls-unknown-api-key", ["pause"]),
    ("tls-reader-may-not-write", ["pause"]), ("tls-forbidden-index", ["park", "delivered"]),
    ("tls-only-create-doc-index-missing", ["park"]), ("tls-plain-http", ["again"]),
    ("tls-wrong-", ["again"]), ("tls-wrong-password", ["pause"]),
    ("https-to-plain-port", ["again"]),
    ("require-data-stream", ["park", "bisect"]), ("method-get", ["again"]),
    ("last-newline-missing", ["bisect"]), ("query-parameter-unknown", ["bisect"]),
  ]

  @Test(.enabled(if: folder != nil, "SHEEPSHIPPER_TEST_SAMPLES names no folder of samples"))
  func `answers of real servers are judged as the table says`() throws {
    let samples = try Self.samples().filter(\.isBulk)
    #expect(samples.count > 100)
    for sample in samples {
      let rule = Self.expected.filter { sample.name.hasPrefix($0.prefix) }
        .max { $0.prefix.utf8.count < $1.prefix.utf8.count }
      guard let rule else { continue }
      let found = Self.words(sample.verdict)
      // A no-master start also holds requests to other paths.
      #expect(found.isSubset(of: rule.allowed), "\(sample.name): \(found.sorted())")
    }
  }

  @Test(.enabled(if: folder != nil, "SHEEPSHIPPER_TEST_SAMPLES names no folder of samples"))
  func `nothing is called delivered that the server did not store, in any sample`() throws {
    for sample in try Self.samples() where sample.isBulk && !sample.isCut {
      guard let stored = sample.stored else { continue }
      let delivered: Int64 =
        switch sample.verdict {
        case .items(let items): Int64(items.count { $0 == .delivered })
        case .allDelivered: sample.items
        default: 0
        }
      // An id sent twice by `index` is one document.
      guard !sample.name.hasPrefix("index-overwrites") else { continue }
      #expect(delivered <= stored, "\(sample.name): \(delivered) delivered, \(stored) stored")
    }
  }

  @Test(.enabled(if: folder != nil, "SHEEPSHIPPER_TEST_SAMPLES names no folder of samples"))
  func `no scrubbed reason holds a value of a document`() throws {
    for sample in try Self.samples() {
      guard case .items(let items) = sample.verdict else { continue }
      for item in items {
        guard case .dead(let error) = item else { continue }
        let scrubbed = ReasonScrubber.scrub(error.reason)
        #expect(!scrubbed.contains("sk-secret"), "\(sample.name): \(scrubbed)")
        #expect(scrubbed.utf8.count <= ReasonScrubber.bytesMax)
      }
    }
  }
}
