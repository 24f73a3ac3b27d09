import LogPipeline

/// Messages to the person at the terminal, and the one place that knows what a terminal can show.
enum Terminal {
  /// Why the program ends, on standard error.
  static func fail(_ message: String) {
    StandardStreams.writeError("\(style(of: 2).bad("sheepshipper:")) \(message)\n")
  }

  static func warn(_ message: String) {
    StandardStreams.writeError("\(style(of: 2).warning("warning:")) \(message)\n")
  }

  /// Colours of standard output (1) or error (2): only on a terminal that has them, and not with NO_COLOR set to anything
  /// (no-color.org).
  static func style(of descriptor: Int32) -> TextStyle {
    TextStyle(
      usesColor: canRedraw(descriptor) && (Environment.value(of: "NO_COLOR") ?? "").isEmpty)
  }

  /// Whether a line that was written can be written anew: on a terminal that is not dumb.
  static func canRedraw(_ descriptor: Int32) -> Bool {
    Environment.isTerminal(descriptor) && Environment.value(of: "TERM") != "dumb"
  }
}
