/// `sheepshipper doctor --crash-test`: on the user's own disk, takes events into a small ring in a process that is killed
/// again and again, and looks each time whether all that was acknowledged is there.
package struct CrashTest {
  package struct Settings: Sendable {
    /// A fresh folder is made in it, and removed at the end.
    package var directory: String
    package var rounds: Int
    package var sizeBytes: UInt64
    /// The program that becomes the writer when its first argument is ``CrashTestWriter/command``.
    package var program: String
    /// Draws the moments of the kills.
    package var seed: UInt64

    package init(
      directory: String, rounds: Int = 50, sizeBytes: UInt64 = 64 << 20,
      program: String = "/proc/self/exe", seed: UInt64 = .random(in: 0 ... .max)
    ) {
      (self.directory, self.rounds, self.sizeBytes) = (directory, rounds, sizeBytes)
      (self.program, self.seed) = (program, seed)
    }
  }

  /// Long enough for the slowest disk that is worth a test.
  private static let patience: Duration = .seconds(60)

  private let settings: Settings
  private let folder: String
  private let clock: any Clock
  private var random: SeededRandom
  private var check: CrashTestCheck
  private var report: CrashTestReport
  private var path: String { "\(folder)/ring" }

  /// Makes the test, and takes away what it made, however it ends. nil: it was stopped. Throws why it could not be made.
  ///
  /// `told` is called after each round; `isStopAsked` is looked at many times a second.
  package static func run(
    _ settings: Settings, clock: any Clock = SystemClock(),
    told: (CrashTestReport) -> Void = { _ in }, isStopAsked: () -> Bool = { false }
  ) throws -> CrashTestReport? {
    var isStopped = false
    /// Asking takes the signal, so the answer is kept.
    func isStopping() -> Bool {
      if !isStopped { isStopped = isStopAsked() }
      return isStopped
    }
    let volume = try RingVolume(at: settings.directory)
    let folder = try FileSystem.makeTemporaryDirectory(
      in: settings.directory, prefix: "sheepshipper-crash-test-")
    defer { clear(folder) }
    var test = CrashTest(settings, folder: folder, volume: volume, clock: clock)
    let began = clock.now()
    guard try test.makeRing(isStopping) else { return nil }
    for round in 1...settings.rounds {
      guard try test.round(isLast: round == settings.rounds, isStopping) else { return nil }
      test.report.elapsed = clock.now().since(began)
      told(test.report)
    }
    return test.report
  }

  /// A disk that forgets may be tested too: the report says that it forgets.
  static func configuration(path: String, sizeBytes: UInt64) -> RingConfiguration {
    RingConfiguration(path: path, sizeBytes: sizeBytes, isVolatileDiskAllowed: true)
  }

  private init(_ settings: Settings, folder: String, volume: RingVolume, clock: any Clock) {
    (self.settings, self.folder, self.clock) = (settings, folder, clock)
    random = SeededRandom(seed: settings.seed)
    check = CrashTestCheck()
    report = CrashTestReport(
      directory: settings.directory, volume: volume, roundsAsked: settings.rounds)
  }

  private var configuration: RingConfiguration {
    Self.configuration(path: path, sizeBytes: settings.sizeBytes)
  }

  /// - Returns: false when it was stopped.
  private func makeRing(_ isStopAsked: () -> Bool) throws -> Bool {
    try withoutActuallyEscaping(isStopAsked) { isStopAsked in
      try RingMaking.makeIfMissing(configuration, clock: clock) { _ in !isStopAsked() }
    }
  }

  /// Writes, kills, looks. - Returns: false when it was stopped.
  private mutating func round(isLast: Bool, _ isStopAsked: () -> Bool) throws -> Bool {
    let first = check.nextEvent
    let child = try ChildProcess(
      settings.program,
      [CrashTestWriter.command, path, "\(settings.sizeBytes)", "\(first)"], input: .pipe)
    // Most kills hit a writer at work, some one that still reads the log of those before it.
    let isWriting = !random.next().isMultiple(of: 4)
    if isWriting { _ = child.waitForOutput("acknowledged", until: clock.now() + Self.patience) }
    let killAt = clock.now() + .microseconds(Int64(random.next() % (isWriting ? 200_000 : 60_000)))
    while clock.now() < killAt, !isStopAsked() { PosixThread.sleep(.milliseconds(1)) }
    child.signal(.kill)
    guard let ending = child.wait(until: clock.now() + Self.patience) else {
      throw CrashTestError(
        "process \(child.processId) does not end \(Self.patience.inSeconds) s after kill -9: the disk in "
          + "\(settings.directory) hangs. The test's folder \(folder) stays as long as it does.")
    }
    if isStopAsked() { return false }
    let output = CrashTestOutput(child.output)
    report.rounds += 1
    report.syncs += output.syncs
    report.acknowledged += output.lastAcknowledged.map { $0 + 1 - first } ?? 0
    if case .exited = ending {
      report.add("the writer ended by itself: \(child.errorText.prefix(500))")
    } else {
      report.kills += 1
    }
    let ring = try Ring.open(configuration, clock: clock, onDurable: { _, _ in }, onRoom: {})
    // Some events are left for the next round, so that it opens a ring that is not empty.
    let readsAll =
      isLast || !random.next().isMultiple(of: 4)
      || ring.snapshot().usedBytes > settings.sizeBytes / 4
    try check.look(
      at: ring, acknowledged: output.lastAcknowledged, readsAll: readsAll, clock: clock, &report)
    return true
  }

  private static func clear(_ folder: String) {
    for name in (try? FileSystem.names(in: folder)) ?? [] {
      try? FileSystem.remove("\(folder)/\(name)")
    }
    try? FileSystem.removeDirectory(folder)
  }
}
