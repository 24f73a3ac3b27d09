import LogPipeline
import TestSupport
import Testing

/// Goal: the comparison of a day names exactly what is missing, whatever order, repetition or crash made the record.
/// Method: records written as senders do, against a server with known documents.
@Suite struct DayCheckTests {
  private static let day = Int32(20_778)
  private static let index = "logs-2026.11.21"
  private static let digits = Array("0123456789abcdefghjkmnpqrstvwxyz")

  /// An id as the agent makes them, of 128 bits.
  private func id(_ high: UInt64) -> String {
    var bits = (high: high, low: high &* 0x9E37_79B9_7F4A_7C15)
    var text = ""
    for _ in 0..<26 {
      text.append(Self.digits[Int(bits.high >> 59)])
      bits.high = bits.high << 5 | bits.low >> 59
      bits.low <<= 5
    }
    return text
  }

  private func record(_ fingerprints: [UInt64], in folder: TemporaryFolder, day: Int32 = day) {
    let delivered = DeliveredIds(stateDirectory: folder.path, keep: .seconds(86_400))
    var batch = DeliveredBatch()
    for fingerprint in fingerprints { batch.add(day: day, fingerprint: fingerprint) }
    delivered.write(batch)
    #expect(delivered.unrecordedCount == 0)
  }

  private func check(_ folder: TemporaryFolder, _ server: BulkServer) throws -> DayCheckReport {
    var ids = try IndexIds(ElasticsearchConfiguration(hosts: [server.url]))
    return try DayCheck(
      stateDirectory: folder.path, day: Self.day, index: Self.index, isPatient: false
    ).run(&ids)
  }

  private func fingerprints(_ count: Int, seed: UInt64 = 1) -> [UInt64] {
    var random = SeededRandom(seed: seed)
    return (0..<count).map { _ in random.next() }
  }

  @Test func `an id gives its fingerprint, and a fingerprint the beginning of its id`() {
    for fingerprint in fingerprints(200) + [0, 1, .max, 1 << 63] {
      let id = id(fingerprint)
      #expect(EventIdText.fingerprint(of: id) == fingerprint, "\(id)")
      #expect(id.hasPrefix(EventIdText.start(of: fingerprint)))
    }
    let good = id(7)
    for bad in [
      "", "x", good + "0", String(good.dropLast()), good.uppercased(), "u" + good.dropFirst(),
    ] {
      #expect(bad == good || EventIdText.fingerprint(of: bad) == nil, "\(bad)")
    }
  }

  @Test func `equal as sets: repetitions and order change nothing`() throws {
    let folder = try TemporaryFolder()
    let server = try BulkServer()
    defer { server.stop() }
    let all = fingerprints(100)
    record(all, in: folder)
    record(Array(all.reversed().prefix(40)), in: folder)
    record([5], in: folder, day: Self.day + 1)
    for fingerprint in all { server.add(id(fingerprint), to: Self.index) }
    let report = try check(folder, server)
    #expect(report.isEqual && report.recorded == 100 && report.inIndex == 100, "\(report)")
    #expect(report.text.contains("holds every event that this agent delivered into it: 100."))
    #expect(server.openScrollCount == 0)
  }

  @Test func `missing events are named, documents of others counted`() throws {
    let folder = try TemporaryFolder()
    let server = try BulkServer()
    defer { server.stop() }
    let all = fingerprints(60)
    record(all, in: folder)
    for fingerprint in all.dropFirst(25) { server.add(id(fingerprint), to: Self.index) }
    for fingerprint in fingerprints(3, seed: 2) { server.add(id(fingerprint), to: Self.index) }
    server.add("somebody-elses", to: Self.index)
    server.add(id(all[0]), to: "another-index")
    let report = try check(folder, server)
    #expect(!report.isComplete)
    #expect(Set(report.missing) == Set(all.prefix(25)))
    #expect(report.others == 3 && report.foreign == 1)
    #expect(report.json["missing"]?.integer == 25)
    #expect(report.json["missing_ids"]?.elements?.count == 20)
    #expect(report.text.contains("and 5 more"))
    for line in report.text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    let lines = String(decoding: report.missingLines, as: UTF8.self).split(separator: "\n")
    #expect(Set(lines.map(String.init)) == Set(all.prefix(25).map { EventIdText.start(of: $0) }))
  }

  @Test func `an index that is not there lacks everything; a day without a record is an error`()
    throws
  {
    let folder = try TemporaryFolder()
    let server = try BulkServer()
    defer { server.stop() }
    #expect(throws: SystemError.self) { try check(folder, server) }
    record([1, 2, 3], in: folder)
    #expect(try check(folder, server).missing == [1, 2, 3])
  }

  @Test func `a record cut at any byte, or ended by zeros of a power cut, goes on behind them`()
    throws
  {
    let server = try BulkServer()
    defer { server.stop() }
    for fingerprint in [10, 11, 12, .max] as [UInt64] {
      server.add(id(fingerprint), to: Self.index)
    }
    for kept in [0, 3, 8, 9, 15, 16, 17, 24, 4096, 5001] {
      let folder = try TemporaryFolder()
      let path = DeliveredIds.path(of: Self.day, in: DeliveredIds.folder(in: folder.path))
      record([.max, 11], in: folder)
      let bytes = try FileSystem.read(path)
      #expect(bytes.count == 16)
      let cut = bytes.prefix(kept) + [UInt8](repeating: 0, count: max(0, kept - bytes.count))
      try FileSystem.replace(path, with: Array(cut))
      // What was cut off was not settled, and comes again.
      record([.max, 11, 10], in: folder)
      record([12], in: folder)
      let report = try check(folder, server)
      #expect(report.isEqual && report.recorded == 4, "\(kept): \(report)")
    }
  }

  @Test func `several writers of one day lose nothing, however they take turns`() throws {
    let folder = try TemporaryFolder()
    let server = try BulkServer()
    defer { server.stop() }
    let all = fingerprints(3000)
    let writers = (0..<3).map { _ in
      DeliveredIds(stateDirectory: folder.path, keep: .seconds(86_400))
    }
    for start in stride(from: 0, to: all.count, by: 50) {
      var batch = DeliveredBatch()
      for fingerprint in all[start..<(start + 50)] {
        batch.add(day: Self.day, fingerprint: fingerprint)
      }
      writers[start / 50 * 7 % 3].write(batch)
    }
    #expect(Set(try check(folder, server).missing) == Set(all))
  }

  @Test func `a server that gives less than it said, or fails, gives no verdict`() throws {
    let folder = try TemporaryFolder()
    record([1], in: folder)
    let answers = [
      #"{"_scroll_id":"s","timed_out":false,"_shards":{"failed":0},"hits":{"total":{"value":2},"hits":[]}}"#,
      #"{"_scroll_id":"s","timed_out":true,"_shards":{"failed":0},"hits":{"total":{"value":0},"hits":[]}}"#,
      #"{"_scroll_id":"s","timed_out":false,"_shards":{"failed":1},"hits":{"total":{"value":0},"hits":[]}}"#,
      "<html>",
    ]
    for answer in answers {
      let server = try ScriptedHttpServer { _, _ in .answer(200, answer) }
      var ids = try IndexIds(ElasticsearchConfiguration(hosts: [server.url]))
      #expect(throws: IndexReadError.self, "\(answer)") {
        try DayCheck(stateDirectory: folder.path, day: Self.day, index: Self.index).run(&ids)
      }
      server.stop()
    }
    let forbidden = try ScriptedHttpServer { _, _ in
      .answer(403, #"{"error":{"type":"security_exception","reason":"no"},"status":403}"#)
    }
    defer { forbidden.stop() }
    var ids = try IndexIds(ElasticsearchConfiguration(hosts: [forbidden.url]))
    #expect {
      try DayCheck(stateDirectory: folder.path, day: Self.day, index: Self.index).run(&ids)
    } throws: {
      "\($0)".contains("HTTP 403 security_exception")
    }
  }

  @Test func `old days are removed, the folder is made when it is needed`() throws {
    let folder = try TemporaryFolder()
    record([1], in: folder)
    let path = DeliveredIds.path(of: Self.day, in: DeliveredIds.folder(in: folder.path))
    #expect(FileSystem.exists(path))
    // A clock of tomorrow's tomorrow.
    let clock = LateClock(byMilliseconds: 2 * 86_400_000 + 60_000)
    let later = DeliveredIds(stateDirectory: folder.path, keep: .seconds(86_400), clock: clock)
    var batch = DeliveredBatch()
    batch.add(day: Self.day + 2, fingerprint: 9)
    later.write(batch)
    #expect(!FileSystem.exists(path))
    let nowhere = DeliveredIds(stateDirectory: "/proc/nonexistent", keep: .seconds(1))
    nowhere.write(batch)
    #expect(nowhere.unrecordedCount == 1)
  }

  @Test func `days are dates`() {
    #expect(DayCheck.day("2026-11-21") == 20_778)
    #expect(DayCheck.day("2026.11.21") == 20_778)
    for text in [
      "", "2026-11", "2026-13-01", "2026-02-30", "26-11-21", "2026-11-21x", "0000-01-01",
    ] {
      #expect(DayCheck.day(text) == nil, "\(text)")
    }
  }

  /// The system's, some time on.
  private struct LateClock: LogPipeline.Clock {
    let byMilliseconds: Int64
    func now() -> MonotonicTime { SystemClock().now() }
    func wallMilliseconds() -> Int64 { SystemClock().wallMilliseconds() + byMilliseconds }
  }
}
