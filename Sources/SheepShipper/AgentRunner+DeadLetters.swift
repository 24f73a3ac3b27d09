import LogPipeline

/// `sheepshipper dead-letters`: reads the files; only `retry` asks the running agent.
extension AgentRunner {
  func deadLetters(
    _ configuration: Configuration, _ options: DeadLetterOptions
  ) throws -> ExitCode {
    let folder = configuration.agent.stateDirectory
    guard FileSystem.exists(folder) else {
      Terminal.fail(
        "There is no folder \(folder): no agent has run there. Name its configuration with --config, or set agent.state_dir."
      )
      return .noInput
    }
    switch options.action {
    case .list:
      let list = try DeadLetterList(
        DeadLetterBook(folder: folder), options.selection,
        limitBytes: UInt64(configuration.elasticsearch.deadLettersBytesMax))
      print(list.text, list.json, options.output)
      return .success
    case .show: return try show(DeadLetterBook(folder: folder), options)
    case .retry:
      return try retry(
        folder, ControlClient(path: AgentSettings(configuration: configuration).controlPath),
        options)
    case .prune:
      let pruned = try DeadLetterPrune.run(folder: folder)
      print(pruned.text, pruned.json, options.output)
      return .success
    }
  }

  private func show(_ book: DeadLetterBook, _ options: DeadLetterOptions) throws -> ExitCode {
    var shown = 0
    var left = 0
    try book.forEach { letter in
      guard options.selection.holds(letter, in: book) else { return true }
      guard shown < options.limit else {
        left += 1
        return true
      }
      let view = DeadLetterView(letter, in: book)
      switch options.output.format {
      case .text: StandardStreams.write((shown == 0 ? "" : "\n") + view.text)
      case .json: StandardStreams.write(view.jsonLine + "\n")
      }
      shown += 1
      return true
    }
    guard shown > 0 else {
      Terminal.fail("No dead letter fits. See: sheepshipper dead-letters list --all-states")
      return .noInput
    }
    if left > 0, !options.output.isQuiet {
      Terminal.warn("\(left) more fit; --limit shows more of them")
    }
    return .success
  }

  private func retry(
    _ folder: String, _ client: ControlClient, _ options: DeadLetterOptions
  ) throws -> ExitCode {
    var replacement: RawJson?
    if let file = options.documentFile {
      do {
        replacement = try RawJson(FileSystem.read(file, limitBytes: 32 << 20))
      } catch {
        Terminal.fail("The document in \(file) can not be sent: \(error). Nothing was sent.")
        return .noInput
      }
      guard replacement?.isObject == true else {
        Terminal.fail("The document in \(file) can not be sent: it is no object. Nothing was sent.")
        return .noInput
      }
    }
    let isShown = !options.output.isQuiet && Terminal.canRedraw(2)
    let retry = DeadLetterRetry(
      try DeadLetterBook(folder: folder), options.selection, edits: options.edits,
      replacement: replacement, client: client)
    let report: DeadLetterRetryReport
    do {
      report = try retry.run { sent in
        if isShown { StandardStreams.writeError("\r\(sent) sent\u{1B}[K") }
      }
    } catch let error as ControlError {
      if isShown { StandardStreams.writeError("\r\u{1B}[K") }
      Terminal.fail(error.description)
      return error.isNobodyThere ? .unavailable : .internal
    }
    if isShown { StandardStreams.writeError("\r\u{1B}[K") }
    print(report.text, report.json, options.output)
    // Asked for all there is, nothing open is as it should be.
    if report.chosen == 0 {
      return options.selection == DeadLetterSelection() ? .success : .noInput
    }
    return report.isComplete ? .success : .eventsRemain
  }

  private func print(_ text: String, _ json: JsonValue, _ output: OutputOptions) {
    switch output.format {
    case .text: StandardStreams.write(text)
    case .json: StandardStreams.write(json.text + "\n")
    }
  }
}
