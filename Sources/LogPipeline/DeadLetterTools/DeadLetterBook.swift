/// All dead letters of a state directory, with what has become of each. Reads the files; an agent may run meanwhile.
package struct DeadLetterBook {
  package let files: DeadLetterFiles
  /// Letters that are done with.
  package let resolutions: [DeadLetterPlace: DeadLetterResolution.Outcome]

  package init(folder: String) throws(SystemError) {
    files = DeadLetterFiles(folder: folder)
    // Before the letters: one that is sent meanwhile still shows as open.
    resolutions = try DeadLetterResolutions(files).read()
  }

  package func outcome(of letter: StoredDeadLetter) -> DeadLetterResolution.Outcome? {
    resolutions[letter.place]
  }

  /// Gives each letter, oldest file first, until `take` says false. Returns how many lines are no dead letters.
  @discardableResult
  package func forEach(_ take: (StoredDeadLetter) throws -> Bool) throws -> UInt64 {
    var unreadable: UInt64 = 0
    var isEnded = false
    for path in try files.paths() where !isEnded {
      var failure: (any Error)?
      do throws(SystemError) {
        try DeadLetterFiles.forEachLine(of: path) { line in
          guard let letter = StoredDeadLetter(line) else {
            unreadable += 1
            return true
          }
          do { isEnded = try !take(letter) } catch {
            failure = error
            isEnded = true
          }
          return !isEnded
        }
      } catch {
        // Pruned while this reads.
        if error.code != SystemError.noEntry { throw error }
      }
      if let failure { throw failure }
    }
    return unreadable
  }
}
