import LogPipeline

/// What another process of this program printed, and whether it came to its end by itself.
struct ChildOutput {
  let lines: [Substring]
  let errors: String
  let isAlive: Bool

  init(_ output: String, _ errors: String, _ ending: ChildProcess.Ending?) {
    lines = output.split(separator: "\n")
    self.errors = errors
    if case .exited = ending { isAlive = true } else { isAlive = false }
  }

  /// The second words of the lines that begin with this one.
  func numbers(after word: String) -> [UInt64] {
    lines.compactMap { line in
      let words = line.split(separator: " ")
      return words.count >= 2 && words[0] == word ? UInt64(words[1]) : nil
    }
  }
}
