import LogPipeline
import Testing

/// Goal: what we believe of Elasticsearch and OpenSearch is so. Method: a real server, named by
/// SHEEPSHIPPER_TEST_SEARCH_URL; its indices holysheep-logs-* may be written to. Without it this is skipped.
@Suite struct RealServerTests {
  private static let url = Environment.value(of: "SHEEPSHIPPER_TEST_SEARCH_URL")

  private func deliver(_ blocks: [StoredBlock], folder: String) throws -> (
    MemoryBlockSource, DeliverySnapshot
  ) {
    var settings = ElasticsearchConfiguration(hosts: [Self.url ?? ""])
    settings.senders = 1
    settings.flush = .milliseconds(5)
    settings.retryMax = .seconds(1)
    if let caFile = Environment.value(of: "SHEEPSHIPPER_TEST_SEARCH_CA") {
      settings.tls.caFile = caFile
      settings.credentials = .basic(
        user: Environment.value(of: "SHEEPSHIPPER_TEST_SEARCH_USER") ?? "",
        password: .value(Environment.value(of: "SHEEPSHIPPER_TEST_SEARCH_PASSWORD") ?? ""))
    }
    let source = MemoryBlockSource(blocks)
    let template = IndexTemplate(
      indexPattern: "holysheep-logs-*",
      fields: [
        ("@timestamp", .date), ("token_count", .long), ("usage.prompt_tokens", .long),
        ("model", .keyword), ("extra", .flattened), ("error.message", .text), ("client_ip", .ip),
        ("stream", .boolean), ("latency_ms", .double), ("attempt", .integer), ("ratio", .float),
        ("status_code", .short),
      ])
    let delivery = try Delivery(
      source: source, settings: settings, template: template,
      deadLetters: DeadLetterWriter(folder: folder))
    try DeliveryRun.finish(delivery, within: .seconds(60))
    return (source, delivery.snapshot)
  }

  @Test(.enabled(if: url != nil, "SHEEPSHIPPER_TEST_SEARCH_URL names no server"))
  func `a real server takes the template, the bodies, and knows them again`() throws {
    let folder = try FileSystem.makeTemporaryDirectory(prefix: "real-server-")
    defer {
      try? FileSystem.remove("\(folder)/dead-letters.ndjson")
      try? FileSystem.removeDirectory(folder)
    }
    let run = SystemClock().wallMilliseconds()
    let blocks = try (UInt64(1)...20).map { id in
      try BlockFactory.block(
        id: id,
        lines: (0..<250).map { at in
          let count = id == 3 && at == 7 ? "\"many\"" : "\(at)"
          return BlockFactory.lines(
            id: "\(run)-\(id)-\(at)",
            document: """
              {"@timestamp":"2026-11-20T10:00:00.000Z","token_count":\(count),"new_field":{"a":[1]},\
              "extra":{"deep":{"a":"\(at)"}}}
              """)
        }, codec: id % 4 == 0 ? .raw : .deflate)
    }
    let (first, snapshot) = try deliver(blocks, folder: folder)
    #expect(first.count(.delivered) == 4999)
    #expect(first.count(.deadLettered) == 1)
    #expect(["installed", "already there"].contains(snapshot.template))
    let (again, second) = try deliver(blocks, folder: folder)
    #expect(again.count(.duplicate) == 4999)
    #expect(second.template == "already there")
    print("first: \(snapshot)\nagain: \(second)")
  }
}
