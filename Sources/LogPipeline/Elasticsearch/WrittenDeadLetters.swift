/// The dead letters that stand on disk already and whose events may come again, because the cursor that has passed them
/// was not durable: they are not written a second time.
struct WrittenDeadLetters {
  private struct Place: Hashable {
    let ring: StreamId
    let sequence: UInt64
  }
  private struct Copied: Hashable {
    let ring: StreamId
    let id: String
  }
  private var places: Set<Place> = []
  /// Letters of copies in the ring: their events come again as what they are copies of, under another sequence.
  private var copies: Set<Copied> = []

  /// Reads all files once. Of a ring that is at most a window of events, since only those can come again.
  init(_ files: DeadLetterFiles, _ scope: DeadLetterScope) throws(SystemError) {
    for path in try files.paths() {
      do throws(SystemError) {
        let before = places.count
        try DeadLetterFiles.forEachLine(of: path) { line in
          take(line, scope)
          return true
        }
        // The process that wrote them may have been killed before its sync: then they are in memory only.
        if places.count > before { try FileDescriptor(opening: path, .read).sync() }
      } catch  where error.code == SystemError.noEntry {
        // Pruned in between: all of it was delivered.
      }
    }
  }

  private mutating func take(_ line: ArraySlice<UInt8>, _ scope: DeadLetterScope) {
    if case .ring(let ring, let first) = scope {
      // Looked at before the line is taken apart: nearly all are older.
      let start = Array(DeadLetter.start(of: ring).utf8)
      guard line.starts(with: start), Self.number(line.dropFirst(start.count)) >= first else {
        return
      }
    }
    guard let letter = StoredDeadLetter(line) else { return }
    places.insert(Place(ring: letter.place.ring, sequence: letter.place.sequence))
    if letter.isCopy { copies.insert(Copied(ring: letter.place.ring, id: letter.id)) }
  }

  func holds(_ letter: DeadLetter) -> Bool {
    places.contains(Place(ring: letter.ring, sequence: letter.sequence))
      || copies.contains(Copied(ring: letter.ring, id: letter.id))
  }

  private static func number(_ text: ArraySlice<UInt8>) -> UInt64 {
    text.prefix { $0 >= 0x30 && $0 <= 0x39 }.reduce(0) { $0 &* 10 &+ UInt64($1 - 0x30) }
  }
}
