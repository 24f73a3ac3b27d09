import LogPipeline

/// `sheepshipper top` and `tap`: the running agent tells over its control socket.
extension AgentRunner {
  func tap(_ configuration: Configuration, _ options: TapOptions) throws -> ExitCode {
    let isText = !options.isNdjson
    let text = TapText(
      columns: Environment.terminalColumns(1), style: Terminal.style(of: 1))
    var left = options.count ?? .max
    var lost: UInt64 = 0
    Signals.block()
    let request = JsonValue.object([
      ("command", .string(TapSource.command)),
      ("filters", .array(options.filters.map { .string($0) })),
    ])
    defer {
      if lost > 0 { Terminal.warn("\(lost) events passed that were not shown: too many to read") }
    }
    return asked {
      try client(configuration).listen(
        request, isStopAsked: { Signals.wait(atMost: .zero) == .stop },
        isListening: {
          if isText, !options.output.isQuiet { StandardStreams.write(text.heading + "\n") }
        }
      ) { line in
        guard line.starts(with: Self.eventStart) else {
          lost += UInt64(clamping: (try? JsonValue.parse(line))?["lost"]?.integer ?? 0)
          return true
        }
        var shown = String(decoding: line, as: UTF8.self)
        if isText { shown = (try? JsonValue.parse(line)).map(text.line) ?? shown }
        guard StandardStreams.write(shown + "\n") else { return false }
        left -= 1
        return left > 0
      }
    }
  }

  func top(_ configuration: Configuration, _ options: TopOptions) throws -> ExitCode {
    let isJson = options.output.format == .json
    let isLive = !options.isOnce && !isJson && Terminal.canRedraw(1)
    let request = JsonValue.object([("command", .string(StatusSource.command))])
    var before: JsonValue?
    // What is summed up is what came while somebody watched.
    var early = options.isOnce || !isLive ? 5 : 0
    Signals.block()
    // The other screen, without the cursor; what stood there before comes back.
    if isLive { StandardStreams.write("\u{1B}[?1049h\u{1B}[?25l") }
    let ending = listening(isLive: isLive) {
      try client(configuration).listen(
        request, isStopAsked: { Signals.wait(atMost: .zero) == .stop }
      ) { line in
        guard let status = try? JsonValue.parse(line) else { return true }
        if early > 0 {
          early -= 1
          before = status
          return true
        }
        if isJson {
          StandardStreams.write(String(decoding: line, as: UTF8.self) + "\n")
          return !options.isOnce
        }
        defer { before = status }
        guard let earlier = before ?? (isLive ? status : nil) else { return true }
        let view = TopView(
          status, before: earlier, columns: Environment.terminalColumns(1),
          style: Terminal.style(of: 1), now: SystemClock().wallMilliseconds())
        if isLive {
          StandardStreams.write(Self.screen(view.lines(rows: Environment.terminalRows(1))))
        } else {
          StandardStreams.write(view.lines().map { $0 + "\n" }.joined())
        }
        return isLive
      }
    }
    return ending
  }

  private func listening(isLive: Bool, _ body: () throws -> Void) -> ExitCode {
    asked {
      defer { if isLive { StandardStreams.write("\u{1B}[?25h\u{1B}[?1049l") } }
      try body()
    }
  }

  /// From the top left, each line to its end, and nothing below the last.
  private static func screen(_ lines: [String]) -> String {
    "\u{1B}[H" + lines.joined(separator: "\u{1B}[K\r\n") + "\u{1B}[K\u{1B}[J"
  }

  private static let eventStart = Array("{\"_id\":".utf8)

  func client(_ configuration: Configuration) -> ControlClient {
    ControlClient(path: AgentSettings(configuration: configuration).controlPath)
  }

  /// What asks the agent, with the exit code for each way it can fail.
  func asked(_ body: () throws -> Void) -> ExitCode {
    do {
      try body()
      return .success
    } catch let error as ControlError {
      Terminal.fail(error.description)
      switch error {
      case .noAgent, .broken: return .unavailable
      case .notAllowed: return .notAllowed
      default: return .internal
      }
    } catch {
      Terminal.fail("\(error)")
      return .internal
    }
  }
}
