import LogPipeline

/// `sheepshipper ring`: no agent is started.
extension AgentRunner {
  func ring(_ configuration: Configuration, _ options: RingOptions) throws -> ExitCode {
    do { return try perform(configuration, options) } catch let error as RingToolError {
      Terminal.fail(error.description)
      return switch error {
      case .notThere, .cannotOpen, .notARing, .otherVersion: .noInput
      case .damagedSuperblocks, .damagedRing, .staleSuperblock: .damaged
      default: .internal
      }
    }
  }

  private func perform(_ configuration: Configuration, _ options: RingOptions) throws -> ExitCode {
    let path = options.file ?? "\(configuration.agent.stateDirectory)/ring"
    let progress = RingProgress(isShown: !options.output.isQuiet && Terminal.canRedraw(2))
    switch options.action {
    case .status:
      let status = try RingStatusReader.read(.look(at: path), clock: SystemClock())
      print(text: status.text, status.json, options.output)
      return .success
    case .verify:
      let found = try progress.shown {
        try RingVerifier.verify(.look(at: path)) { progress.update("Checking", $0, $1) }
      }
      print(text: found.text, found.json, options.output)
      return found.isWhole ? .success : .damaged
    case .export(let file, let isAll):
      let report = try progress.shown {
        try RingExport.export(.hold(path), to: file, isAll: isAll) {
          progress.update("Exporting", $0, $1)
        }
      }
      print(text: report.text, report.json, options.output)
      return report.isWhole ? .success : .damaged
    case .resize:
      let report = try progress.shown {
        try RingResize.resize(.hold(path), to: UInt64(configuration.ring.sizeBytes)) {
          progress.update(Self.words($0), $1, $2)
        }
      }
      print(text: report.text, report.json, options.output)
      return .success
    }
  }

  private static func words(_ step: RingResize.Step) -> String {
    switch step {
    case .checking: "Checking the old ring:"
    case .zeros: "Writing the new file:"
    case .copying: "Copying:"
    case .verifying: "Checking the new ring:"
    }
  }

  private func print(text: String, _ json: JsonValue, _ output: OutputOptions) {
    switch output.format {
    case .text: StandardStreams.write(text)
    case .json: StandardStreams.write(json.text + "\n")
    }
  }
}

/// The progress line on standard error.
private final class RingProgress {
  private let isShown: Bool
  private let clock = SystemClock()
  private var line: RingProgressText

  init(isShown: Bool) {
    self.isShown = isShown
    line = RingProgressText(startedAt: clock.now())
  }

  func update(_ what: String, _ doneBytes: UInt64, _ ofBytes: UInt64) {
    guard isShown,
      let text = line.update(what, doneBytes: doneBytes, ofBytes: ofBytes, at: clock.now())
    else { return }
    StandardStreams.writeError(text)
  }

  /// Takes the line away before anything else is printed.
  func shown<Result>(_ body: () throws -> Result) rethrows -> Result {
    defer { if isShown { StandardStreams.writeError(line.end()) } }
    return try body()
  }
}
