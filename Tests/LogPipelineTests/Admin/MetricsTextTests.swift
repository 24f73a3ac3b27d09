import LogPipeline
import Testing

@Suite struct MetricsTextTests {
  @Test func `every line is valid Prometheus text and carries the snapshot's figures`() throws {
    let text = MetricsText.render(AdminSamples.snapshot())
    let metrics = try PrometheusText(text)
    #expect(metrics.samples["sheepshipper_events_offered_total"] == 112)
    #expect(metrics.samples["sheepshipper_events_waiting"] == 13)
    #expect(metrics.types["sheepshipper_events_waiting"] == "gauge")
    #expect(metrics.samples["sheepshipper_ledger_balanced{sum=\"offered\"}"] == 1)
    #expect(metrics.samples["sheepshipper_ring_capacity_bytes"] == 16_777_216)
    #expect(metrics.samples["sheepshipper_ring_oldest_event_age_seconds"] == 0.25)
    #expect(metrics.samples["sheepshipper_delivery_answers_total{status=\"200\"}"] == 7)
    #expect(
      metrics.samples[#"sheepshipper_delivery_answers_total{status="a \"quoted\\\" one\n"}"#] == 1)
    #expect(metrics.samples["sheepshipper_build_info{version=\"1.2.3\"}"] == 1)
    #expect(metrics.samples["sheepshipper_resident_memory_bytes"] == 18_874_368)
    #expect(metrics.samples.keys.allSatisfy { $0.hasPrefix("sheepshipper_") })
  }

  @Test func `a ledger that does not add up shows as 0`() throws {
    var ledger = AdminSamples.ledger()
    ledger.delivered += 1
    let metrics = try PrometheusText(MetricsText.render(AdminSamples.snapshot(ledger: ledger)))
    #expect(metrics.samples["sheepshipper_ledger_balanced{sum=\"offered\"}"] == 1)
    #expect(metrics.samples["sheepshipper_ledger_balanced{sum=\"accepted\"}"] == 0)
  }

  @Test func `a label has at most 64 values, and the rest is summed up as other`() {
    let counts = (1...200).map { ("model-\($0)", UInt64(1)) }
    let metric = Metric.counter("requests", "Requests.", by: "model", counts)
    #expect(metric.name == "requests_total")
    #expect(metric.samples.count == Metric.samplesMax)
    #expect(metric.samples.last?.labelValue == "other")
    #expect(metric.samples.last?.value == .whole(137))
    let exact = Metric.counter("requests", "Requests.", by: "model", Array(counts.prefix(64)))
    #expect(exact.samples.last?.labelValue == "model-64")
  }

  @Test func `a long label value is cut at a character's edge`() {
    let long = String(repeating: "ü", count: 100)
    let metric = Metric.counter("requests", "Requests.", by: "model", [(long, 1)])
    #expect(metric.samples.first?.labelValue == String(repeating: "ü", count: 64))
  }

  @Test(arguments: [
    "a 1", "# HELP a b\n# TYPE a counter\na 1\n", "# HELP a b\n# TYPE a gauge\na{b=\"c} 1\n",
    "# HELP a b\n# TYPE a gauge\na x\n", "# HELP a b\n# TYPE a gauge\na 1\na 2\n",
    "# HELP a b\n# TYPE a gauge\na{b=\"\\x\"} 1\n", "# HELP a b\na 1\n",
  ])
  func `the reader of this test refuses what is not valid`(text: String) {
    #expect(throws: PrometheusText.Problem.self) { try PrometheusText(text) }
  }

  @Test func `what the process takes is read from the system`() {
    let usage = ProcessUsage.now()
    #expect(usage.residentBytes > 1 << 20)
    #expect(usage.peakResidentBytes >= usage.residentBytes / 2)
  }
}
