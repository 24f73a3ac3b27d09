import LogPipeline

extension DoctorOptions {
  private static let ofCrashTest = ["--rounds", "--size"]
  private static let ofChecks = ["--round-trip", "--strict"]

  /// - Throws: ``UsageError`` when flags do not go together, or what they say can not be.
  init(
    _ parsed: ParsedArguments, _ output: OutputOptions, _ source: ConfigurationSource
  ) throws(UsageError) {
    self.output = output
    guard let directory = parsed.flags["--crash-test"]?.first else {
      if let flag = Self.ofCrashTest.first(where: { parsed.flags[$0] != nil }) {
        throw UsageError("\(flag) belongs to doctor --crash-test DIR", command: .doctor)
      }
      action = .checks(
        source, triesRoundTrip: parsed.flags["--round-trip"] != nil,
        isStrict: parsed.flags["--strict"] != nil)
      return
    }
    if let flag = Self.ofChecks.first(where: { parsed.flags[$0] != nil }) {
      throw UsageError("\(flag) has nothing to do with --crash-test", command: .doctor)
    }
    guard (try? FileSystem.status(of: directory))?.kind == .directory else {
      throw UsageError("--crash-test: there is no folder \(directory)", command: .doctor)
    }
    var settings = CrashTest.Settings(directory: directory)
    if let text = parsed.flags["--rounds"]?.first {
      guard let rounds = Int(text), 1...100_000 ~= rounds else {
        throw UsageError("--rounds takes a number from 1 to 100000", command: .doctor)
      }
      settings.rounds = rounds
    }
    if let text = parsed.flags["--size"]?.first {
      guard let size = Unit.bytes(text), size >= Int(RingConfiguration.sizeBytesMin) else {
        throw UsageError("--size takes a size such as 64MiB, 16MiB or more", command: .doctor)
      }
      settings.sizeBytes = UInt64(size)
    }
    action = .crashTest(settings)
  }
}
