import LogPipeline

/// Messages to the person at the terminal.
enum Terminal {
  /// Why the program ends, on standard error.
  static func fail(_ message: String) {
    let name = usesColor ? "\u{1B}[1;31msheepshipper:\u{1B}[0m" : "sheepshipper:"
    StandardStreams.writeError("\(name) \(message)\n")
  }

  static func warn(_ message: String) {
    let name = usesColor ? "\u{1B}[1;33mwarning:\u{1B}[0m" : "warning:"
    StandardStreams.writeError("\(name) \(message)\n")
  }

  /// Only on a terminal, and not with NO_COLOR set to anything (no-color.org).
  private static var usesColor: Bool {
    Environment.isTerminal(2) && (Environment.value(of: "NO_COLOR") ?? "").isEmpty
      && Environment.value(of: "TERM") != "dumb"
  }
}
