import LogPipeline

/// `sheepshipper explain`: no agent is started.
extension AgentRunner {
  func explain(_ configuration: Configuration, _ options: ExplainOptions) throws -> ExitCode {
    let bytes: [UInt8]
    do throws(SystemError) {
      bytes = try FileSystem.read(
        options.file ?? "/dev/stdin", limitBytes: ExplainRun.inputBytesMax)
    } catch {
      Terminal.fail("The events can not be read: \(error).")
      return .noInput
    }
    let run = try configured { try ExplainRun(configuration) }
    let isText = options.output.format == .text
    if isText, !options.output.isQuiet { StandardStreams.write(TextLayout.wrapped(run.keyNote)) }
    var shown: UInt64 = 0
    let counts = try run.run(bytes, as: options.way ?? ExplainRun.way(of: bytes)) { explained in
      guard shown < options.limit else { return }
      shown += 1
      StandardStreams.write(
        isText ? "\n\(explained.text)" : "\(explained.json(keyNote: run.keyNote).text)\n")
    }
    let all = counts.taken + counts.refused
    if isText, !options.output.isQuiet {
      let left = all - shown
      StandardStreams.write(
        "\n\(counts.taken) taken, \(counts.refused) refused"
          + (left > 0 ? "; \(left) of them not shown (--limit)\n" : "\n"))
    }
    guard all > 0 else {
      Terminal.fail("There is no event in it.")
      return .noInput
    }
    return counts.refused == 0 ? .success : .damaged
  }
}
