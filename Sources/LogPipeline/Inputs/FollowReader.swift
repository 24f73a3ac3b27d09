/// Follows files on one thread: looks what is there, reads what came, keeps how far all of it is on disk.
///
/// No thread, no timer, no watch of its own: ``FollowInput`` calls it. A file's content is known by its first bytes and
/// those before the place that was reached, so that a rename, a copy, a truncation and an inode that is used again are told
/// apart whatever the names say. No partial line is held in memory: it is read again when the file has grown.
package final class FollowReader {
  let configuration: FollowConfiguration
  let desk: IntakeDesk
  let clock: any Clock
  let glob: FollowGlob
  var book: FollowBook
  var files: [FollowIdentity: FollowedFile] = [:]
  var packs: [FollowIdentity: FollowedPack] = [:]
  /// Copies that are being written: since when their size stands still.
  var unsure: [FollowIdentity: (sizeBytes: UInt64, since: MonotonicTime)] = [:]
  var counters = FollowCounters()
  var waitingCount = 0
  /// One for all files; larger only while one line is.
  var buffer: InputFileBuffer
  var problemPace: [String: LogPace] = [:]
  private var savedAt: MonotonicTime?
  private var savePace = LogPace()
  private var turn = 0

  static let readBytes = 1 << 20
  static let pieceBytes = 64 << 10
  private static let problemsMax = 256

  /// Reads the positions of earlier runs; makes their folder.
  package init(
    _ configuration: FollowConfiguration, mill: FrameMill, sink: any BlockSink,
    refusedLog: RefusedLog? = nil, clock: any Clock = SystemClock()
  ) throws(IntakeError) {
    (self.configuration, self.clock) = (configuration, clock)
    let lineBytesMax = configuration.lineBytesMax
    desk = IntakeDesk(
      mill: mill, sink: sink, refusedLog: refusedLog,
      budget: try InputBudget(
        limitBytes: lineBytesMax + InputBudget.readBytesMax, frameBytesMax: lineBytesMax),
      lineBytesMax: lineBytesMax, clock: clock, scrub: { _ in [] })
    glob = FollowGlob(exclude: configuration.exclude)
    buffer = InputFileBuffer(capacityBytes: Self.readBytes + FollowMark.tailBytesMax)
    do throws(SystemError) { try FileSystem.makeDirectories(configuration.folder) } catch {
      throw .system(error)
    }
    book = Self.load(configuration)
    takeUpEntries()
  }

  /// Reads from each file what is there, a share at a time, until there is no room or nothing more.
  /// - Returns: whether there is more to read now.
  package func readAll() -> Bool {
    var isMore = false
    let now = clock.now()
    let all = files.values.filter { $0.descriptor != nil }.sorted { $0.id < $1.id }
    turn += 1
    for index in all.indices {
      guard desk.hasRoom else { return false }
      let file = all[(index + turn) % all.count]
      if read(file, now) { isMore = true }
    }
    if desk.hasRoom, readPacks(now) { isMore = true }
    return isMore
  }

  /// The ring has all blocks up to this ticket on disk.
  package func becameDurable(_ ticket: UInt64) {
    desk.didBecomeDurable(ticket)
    book.becameDurable(desk.durableTicket)
  }

  /// Hands over what was read, as far as there is room.
  package func handOver() { desk.sealOpenBlock() }

  /// Saves the positions if there is something new, not too often.
  package func saveIfDue() {
    let now = clock.now()
    guard book.isChanged, savedAt.map({ now.since($0) >= configuration.saveEvery }) ?? true else {
      return
    }
    save()
  }

  /// Saves the positions now. A failure is told, counted, and tried again: until then a crash goes further back.
  package func save() {
    savedAt = clock.now()
    book.forget(
      after: configuration.forgetAfter, countMax: configuration.goneMax,
      at: clock.wallMilliseconds())
    do throws(SystemError) {
      try FileSystem.replace(
        configuration.positionsPath, with: Array((FollowRecord(book).json.text + "\n").utf8))
      book.wasSaved()
    } catch {
      counters.saveFailures += 1
      if savePace.isDue(at: clock.now()) {
        Log.error(
          "The positions of followed files can not be saved; reading goes on, and it is tried again. After a crash it would go back to the place saved before: Elasticsearch stores nothing twice then, the archive may. Free space or repair the folder.",
          ("path", configuration.positionsPath), ("cause", "\(error)"))
      }
    }
  }

  /// The next save that is not on time, for the loop's timer.
  var wantsSave: Bool { book.isChanged }

  /// Told once a minute for each path, counted each time; it is tried again with the next look.
  func noteProblem(_ path: String, _ message: String, _ cause: String) {
    counters.failures += 1
    if problemPace.count >= Self.problemsMax { problemPace = [:] }
    if problemPace[path, default: LogPace()].isDue(at: clock.now()) {
      Log.warning(message, ("path", path), ("cause", cause))
    }
  }

  package var snapshot: FollowSnapshot {
    var snapshot = FollowSnapshot()
    snapshot.counters = counters
    snapshot.filesKnown = UInt64(files.count + packs.count)
    snapshot.filesOpen = UInt64(openCount)
    snapshot.filesWaiting = UInt64(waitingCount)
    snapshot.behindBytes = files.values.reduce(0) { $0 + $1.behindBytes }
    snapshot.files = files.values.sorted { ($1.behindBytes, $0.path) < ($0.behindBytes, $1.path) }
      .prefix(FollowSnapshot.filesMax)
      .map {
        FollowSnapshot.File(
          path: $0.path, offsetBytes: $0.mark.offsetBytes,
          sizeBytes: max($0.sizeBytes, $0.mark.offsetBytes))
      }
    snapshot.input = desk.counters
    return snapshot
  }

  var openCount: Int { files.values.count { $0.descriptor != nil } }

  /// Folders in which something may happen to what is followed.
  var foldersToWatch: Set<String> {
    var folders = Set(files.values.map(\.folder))
    for pattern in configuration.paths {
      folders.formUnion(glob.folders(of: pattern))
    }
    return folders
  }

  private static func load(_ configuration: FollowConfiguration) -> FollowBook {
    let path = configuration.positionsPath
    guard FileSystem.exists(path) else { return FollowBook() }
    let reason: String
    do {
      let json = try JsonValue.parse(FileSystem.read(path))
      if let record = FollowRecord(json: json) { return record.book }
      reason = "it has another format"
    } catch { reason = "\(error)" }
    Log.warning(
      "The positions of followed files can not be read; all of them are read from the beginning. Elasticsearch stores nothing twice.",
      ("path", path), ("reason", reason))
    // Not as at a first start: `start: end` would pass over what was not read.
    return FollowBook(entries: [], knownPatterns: Set(configuration.paths))
  }

  private func takeUpEntries() {
    let now = clock.now()
    for (id, entry) in book.entries where entry.goneMilliseconds == nil {
      if entry.isPacked { continue }
      let file = FollowedFile(
        entry.identity, id: id, path: entry.path, folder: FileSystem.parent(of: entry.path),
        entry: entry, at: now)
      file.isDoubtful = true
      file.isListed = false
      files[entry.identity] = file
    }
  }
}
