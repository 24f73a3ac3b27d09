/// What following log files needs to know.
package struct FollowConfiguration: Sendable {
  /// Patterns of paths.
  package var paths: [String]
  /// Patterns of what is left out: of file names, or of whole paths when they hold a slash.
  package var exclude: [String] = []
  /// Files that are there when their pattern is looked at for the first time are passed over.
  package var startsAtEnd = false
  package var poll: Duration = .seconds(1)
  /// A renamed or deleted file that is read to its end is let go after so much silence.
  package var rotateWait: Duration = .seconds(10)
  /// How many files are open at a time.
  package var filesMax = 256
  /// `state_dir/follow`: where the positions are kept.
  package var folder: String
  /// What lies below it is never followed: the agent's own files.
  package var stateDirectory: String
  package var lineBytesMax = LineReader.lineMaxBytesDefault
  /// Its number among the ring's intakes: behind those of the ports.
  package var intake = 1
  /// How long the place in a file that is gone is remembered, so that its copies are known.
  package var forgetAfter: Duration = .seconds(86_400)
  /// How many of those.
  package var goneMax = 1024
  /// Positions are saved at most so often.
  package var saveEvery: Duration = .seconds(1)

  var positionsPath: String { "\(folder)/positions.json" }

  package init(paths: [String], folder: String, stateDirectory: String) {
    (self.paths, self.folder, self.stateDirectory) = (paths, folder, stateDirectory)
  }
}
