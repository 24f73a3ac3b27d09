import LogPipeline

/// Messages to the person at the terminal, and the one place that knows what a terminal can show.
enum Terminal {
  /// Why the program ends, on standard error.
  static func fail(_ message: String) {
    StandardStreams.writeError("\(style(of: 2).bad("sheepshipper:")) \(message)\n")
  }

  /// The same, in lines of a terminal's width.
  static func failWrapped(_ message: String) {
    writeWrapped("sheepshipper:", message) { style(of: 2).bad($0) }
  }

  static func warnWrapped(_ message: String) {
    writeWrapped("warning:", message) { style(of: 2).warning($0) }
  }

  private static func writeWrapped(
    _ label: String, _ message: String, styled: (String) -> String
  ) {
    let text = TextLayout.rewrapped("\(label) \(message)")
    StandardStreams.writeError(styled(label) + text.dropFirst(label.count))
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
