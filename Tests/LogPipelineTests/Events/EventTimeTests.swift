import LogPipeline
import Testing

/// Goal: the event's own time, however written, picks the price and, within limits, the index.
@Suite struct EventTimeTests {
  @Test(arguments: [
    ("\"2026-11-20T23:36:07.843Z\"", "2026-11-20T23:36:07.843Z"),
    ("\"2026-11-20T23:36:07Z\"", "2026-11-20T23:36:07.000Z"),
    ("\"2026-11-20 23:36:07\"", "2026-11-20T23:36:07.000Z"),
    ("\"2026-11-20T23:36\"", "2026-11-20T23:36:00.000Z"),
    ("\"2026-11-20T23:36:07.228347+00:00\"", "2026-11-20T23:36:07.228347Z"),
    ("\"2026-11-20T23:36:07.123456789Z\"", "2026-11-20T23:36:07.123456789Z"),
    // As long as the text that is written of them.
    ("\"2026-11-20T23:36:60.843Z\"", "2026-11-20T23:37:00.843Z"),
    ("\"2026-11-20 23:36:07.843Z\"", "2026-11-20T23:36:07.843Z"),
    ("\"2026-11-20t23:36:07.843z\"", "2026-11-20T23:36:07.843Z"),
    ("\"2026-11-20T23:36:07,843Z\"", "2026-11-20T23:36:07.843Z"),
    ("\"2026-11-20T23:36:07.1234\"", "2026-11-20T23:36:07.123400Z"),
    ("\"2026-11-20T23:36:07,5-01:30\"", "2026-11-21T01:06:07.500Z"),
    ("\"2026-11-20T23:36:07+0530\"", "2026-11-20T18:06:07.000Z"),
    ("\"2024-02-29T00:00:00Z\"", "2024-02-29T00:00:00.000Z"),
    ("1795217767", "2026-11-20T23:36:07.000Z"),
    ("1795217767.843", "2026-11-20T23:36:07.843Z"),
    ("\"1795217767.843217\"", "2026-11-20T23:36:07.843217Z"),
    ("1795217767843", "2026-11-20T23:36:07.843Z"),
    ("\"1795217767843\"", "2026-11-20T23:36:07.843Z"),
    ("1795217767843217", "2026-11-20T23:36:07.843217Z"),
    ("\"1795217767843217900\"", "2026-11-20T23:36:07.843217900Z"),
  ])
  func `times are read in every spelling`(value: String, expected: String) throws {
    let event = try EventBench().one("{\"timestamp\":\(value)}")
    #expect(event.string("@timestamp") == expected)
    #expect(event["timestamp_source"] == nil)
  }

  @Test(arguments: [
    "\"2026-13-01T00:00:00Z\"", "\"2026-02-30T00:00:00Z\"", "\"2026-11-20\"", "true", "-5",
    "\"2026-11-20T25:00:00Z\"", "\"2026-11-20T10:00:00 harbour\"", "1e300",
    "\"2026-11-20T10:00:00.Z\"", "\"2026-11-20T10:00:00+1\"",
  ])
  func `what is no time leaves the arrival's`(value: String) throws {
    let bench = try EventBench()
    let event = try bench.one("{\"timestamp\":\(value)}")
    #expect(event.string("@timestamp") == "2026-11-21T00:00:00.000Z")
    #expect(event.string("timestamp_source") == "arrival")
    #expect(bench.processor.counters.arrivalTimed == 1)
    #expect(bench.processor.counters.unreadableFields == 1)
  }

  @Test func `a logger's time serves when the event's own can not be read`() throws {
    let event = try EventBench().one(
      #"{"@timestamp":"2026-11-20T10:00:00Z","timestamp":"soon"}"#)
    #expect(event.string("@timestamp") == "2026-11-20T10:00:00.000Z")
    #expect(event["timestamp_source"] == nil)
  }

  @Test(arguments: [
    ("2026-11-22T00:00:00.000Z", "2026.11.22", false),
    ("2026-11-22T00:00:00.001Z", "2026.11.21", true),
    ("2025-10-17T00:00:00.000Z", "2025.10.17", false),
    ("2025-10-16T23:59:59.999Z", "2026.11.21", true),
  ])
  func `far times go to the arrival's index`(time: String, day: String, isClamped: Bool) throws {
    let event = try EventBench().one("{\"timestamp\":\"\(time)\"}")
    #expect(event.index == "holysheep-logs-\(day)")
    #expect((event.bool("time_clamped") ?? false) == isClamped)
    #expect(event.string("@timestamp") == time)
  }

  @Test func `index names follow the pattern`() throws {
    let event = try EventBench { $0.indexPattern = "logs-%d/%m-%Y%%" }.one(
      #"{"timestamp":"2026-11-05T00:00:00Z"}"#)
    #expect(event.index.hasPrefix("logs-05/11-2026"))
  }
}
