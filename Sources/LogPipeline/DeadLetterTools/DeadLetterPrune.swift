/// Removes files of which every letter is done with. What is still open is never touched.
package struct DeadLetterPrune: Equatable, Sendable {
  package private(set) var filesRemoved: UInt64 = 0
  package private(set) var lettersRemoved: UInt64 = 0
  package private(set) var bytesFreed: UInt64 = 0
  package private(set) var filesKept: UInt64 = 0

  /// Safe beside a running agent, and at any moment of a kill.
  package static func run(folder: String) throws -> DeadLetterPrune {
    let book = try DeadLetterBook(folder: folder)
    var prune = DeadLetterPrune()
    for path in try book.files.paths() { try prune.look(at: path, book) }
    // Only afterwards: a letter without its note would be open again, a note without its letter harms nothing.
    var kept: Set<DeadLetterPlace> = []
    try book.forEach { letter in
      if book.outcome(of: letter) != nil { kept.insert(letter.place) }
      return true
    }
    if prune.filesRemoved > 0 { try DeadLetterResolutions(book.files).keep(kept.contains) }
    return prune
  }

  private mutating func look(at path: String, _ book: DeadLetterBook) throws {
    // Who writes into it holds the same lock, and then finds that it is gone.
    let locked = try LockedFile(path, create: false)
    let size = try locked.sizeBytes()
    var letters: UInt64 = 0
    var bytes: UInt64 = 0
    var isDone = size > 0
    try DeadLetterFiles.forEachLine(of: path) { line in
      letters += 1
      bytes += UInt64(line.count) + 1
      isDone = StoredDeadLetter(line).map { book.outcome(of: $0) != nil } ?? false
      return isDone
    }
    // A torn line at the end, and blank ones, count as open.
    guard isDone, bytes == size else {
      filesKept += 1
      return
    }
    try FileSystem.remove(path)
    try FileSystem.syncDirectory(book.files.folder)
    filesRemoved += 1
    lettersRemoved += letters
    bytesFreed += size
  }

  package var text: String {
    guard filesRemoved > 0 else {
      return filesKept == 0
        ? "There are no dead letters.\n"
        : "Nothing removed: each file still holds open letters.\n"
    }
    return TextLayout.wrapped(
      "Removed \(TextAmount.counted(filesRemoved, "file")) with "
        + "\(TextAmount.counted(lettersRemoved, "letter")), all of them delivered since "
        + "(\(TextAmount.bytes(bytesFreed))). \(TextAmount.counted(filesKept, "file")) with open "
        + "letters \(filesKept == 1 ? "stays" : "stay").")
  }

  package var json: JsonValue {
    .object([
      ("files_removed", .integer(Int64(filesRemoved))),
      ("letters_removed", .integer(Int64(lettersRemoved))),
      ("bytes_freed", .integer(Int64(bytesFreed))), ("files_kept", .integer(Int64(filesKept))),
    ])
  }
}
