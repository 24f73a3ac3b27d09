import LogPipeline
import TestSupport
import Testing

/// Goal: the crash test finds what a disk broke, and finds nothing on one that works.
/// Method: the built program as the writer; then rings in which something is wrong on purpose.
@Suite struct CrashTestTests {
  private static let size: UInt64 = 16 << 20

  @Test func `a disk that works passes, every kill is counted, and nothing stays behind`() throws {
    let folder = try TemporaryFolder()
    var told: [Int] = []
    let report = try #require(
      try CrashTest.run(
        .init(
          directory: folder.path, rounds: 6, sizeBytes: Self.size, program: ProgramUnderTest.path,
          seed: 7), told: { told.append($0.rounds) }))
    #expect(report.survivesKills, "\(report.text)")
    #expect(report.kills == 6 && report.rounds == 6 && told == Array(1...6))
    #expect(report.acknowledged > 0 && report.found >= report.acknowledged)
    #expect(report.holds == (report.volume.forgetsBecause == nil))
    #expect((report.sync(percent: 50) ?? .zero) <= (report.sync(percent: 100) ?? .zero))
    #expect(try FileSystem.names(in: folder.path).isEmpty)
    #expect(report.text.contains("What kill -9 can not show: power loss."))
    #expect(report.json["lost"]?.integer == 0 && report.json["kills"]?.integer == 6)
  }

  @Test func `stopped at any time it leaves nothing behind`() throws {
    for limit in [0, 3, 40] {
      let folder = try TemporaryFolder()
      var asked = 0
      let report = try CrashTest.run(
        .init(
          directory: folder.path, rounds: 50, sizeBytes: Self.size, program: ProgramUnderTest.path,
          seed: 7),
        isStopAsked: {
          asked += 1
          // Once, as a signal is.
          return asked == limit + 1
        })
      #expect(report == nil)
      #expect(try FileSystem.names(in: folder.path).isEmpty)
    }
  }

  @Test func `a writer that does not write is no success`() throws {
    let folder = try TemporaryFolder()
    let report = try #require(
      try CrashTest.run(
        .init(
          directory: folder.path, rounds: 1, sizeBytes: Self.size, program: "/bin/false", seed: 1)))
    #expect(!report.holds && report.kills == 0)
    #expect(report.verdict.contains("does NOT hold"))
    #expect(report.faults.first?.contains("ended by itself") == true)
  }

  /// What is wrong with the events 1 to 30, of which 30 were acknowledged.
  enum Wrong: CaseIterable, Sendable { case nothing, lastMissing, gap, twice, changed, foreign }

  @Test(arguments: Wrong.allCases)
  func `each kind of fault is found and named`(_ wrong: Wrong) throws {
    var numbers = Array(UInt64(1)...30)
    switch wrong {
    case .nothing, .changed: break
    case .lastMissing: numbers.removeLast()
    case .gap: numbers.remove(at: 14)
    case .twice: numbers.insert(15, at: 15)
    case .foreign: numbers[14] = 15_000
    }
    let report = try look(at: numbers, changed: wrong == .changed ? 15 : nil, acknowledged: 30)
    switch wrong {
    case .nothing: #expect(report.survivesKills && report.found == 30)
    case .lastMissing, .gap: #expect(report.lost > 0, "\(report.text)")
    case .twice: #expect(report.doubled == 1, "\(report.text)")
    case .changed: #expect(report.invented == 1 && report.lost == 0, "\(report.text)")
    case .foreign: #expect(report.invented == 1, "\(report.text)")
    }
    #expect(report.survivesKills == (wrong == .nothing))
    #expect(report.verdict.contains("does NOT hold") == (wrong != .nothing))
    #expect(report.faults.isEmpty == (wrong == .nothing))
  }

  /// Writes these events into a ring and looks at it as the crash test does.
  private func look(
    at numbers: [UInt64], changed: UInt64?, acknowledged: UInt64
  ) throws -> CrashTestReport {
    let folder = try TemporaryFolder()
    let configuration = RingConfiguration(
      path: "\(folder.path)/ring", sizeBytes: Self.size, isVolatileDiskAllowed: true)
    let clock = SystemClock()
    func opened() throws -> Ring {
      try Ring.open(configuration, clock: clock, onDurable: { _, _ in }, onRoom: {})
    }
    let ring = try opened()
    try ring.start()
    for (index, number) in numbers.enumerated() {
      var lines = CrashTestEvents.lines(number)
      if number == changed { lines[lines.count - 5] ^= 1 }
      #expect(
        ring.put(
          RawBlock(
            bytes: lines,
            items: [
              BlockItem(
                fingerprint: CrashTestEvents.fingerprint(number),
                rawLengthBytes: UInt32(lines.count), day: 20_000)
            ], intake: 0, ticket: UInt64(index + 1))))
    }
    #expect(ring.drainIntake(until: clock.now() + .seconds(30)))
    ring.stopLeasing()
    ring.close()
    var report = CrashTestReport(
      directory: folder.path, volume: RingVolume(mount: nil), roundsAsked: 1)
    var check = CrashTestCheck()
    try check.look(
      at: opened(), acknowledged: acknowledged, readsAll: true, clock: clock, &report)
    return report
  }
}
