/// Looking what is there: which files the patterns mean now, what became of those that were known.
extension FollowReader {
  /// What a look found: each file once, whatever leads to it.
  struct Found {
    let path: String
    let status: FileStatus
    /// Only patterns that were never looked at before lead to it.
    var isFirstLook: Bool
  }

  /// Takes up new files, notes renames and deletions, opens what has grown.
  package func look() {
    let now = clock.now()
    waitingCount = 0
    var order: [FollowIdentity] = []
    var found: [FollowIdentity: Found] = [:]
    var paths: [FollowIdentity: Set<String>] = [:]
    var newPatterns: [String] = []
    for pattern in configuration.paths {
      let isKnown = book.knownPatterns.contains(pattern)
      if !isKnown, FileSystem.exists(FollowGlob.root(of: pattern)) { newPatterns.append(pattern) }
      for path in glob.paths(of: pattern, onProblem: noteUnreadable) {
        guard let status = statusOfFile(path) else { continue }
        let identity = FollowIdentity(status)
        paths[identity, default: []].insert(path)
        if found[identity] == nil {
          order.append(identity)
          found[identity] = Found(path: path, status: status, isFirstLook: !isKnown)
        } else if isKnown {
          found[identity]?.isFirstLook = false
        }
      }
    }
    for file in files.values { refresh(file, found[file.identity], paths[file.identity], now) }
    for pack in packs.values { refresh(pack, found[pack.identity], now) }
    let names = Set(paths.values.joined())
    for identity in order {
      guard let one = found[identity], files[identity] == nil, packs[identity] == nil else {
        continue
      }
      adopt(one, among: names, now)
    }
    unsure = unsure.filter { found[$0.key] != nil }
    guard !newPatterns.isEmpty else { return }
    for pattern in newPatterns { book.noteKnown(pattern) }
    // Before anything is read: after a crash, what comes now must not be taken for old.
    save()
  }

  private func noteUnreadable(_ folder: String, _ error: SystemError) {
    noteProblem(
      folder,
      "A folder of inputs.follow.paths can not be read; its files are not followed until it can. It is tried again.",
      "\(error)")
  }

  private func statusOfFile(_ path: String) -> FileStatus? {
    do throws(SystemError) {
      let status = try FileSystem.status(of: path)
      return status.kind == .regular ? status : nil
    } catch {
      if error.code != SystemError.noEntry { noteUnopened(path, error) }
      return nil
    }
  }

  private func noteUnopened(_ path: String, _ error: SystemError) {
    noteProblem(
      path, "A followed file can not be opened; nothing of it is lost yet, and it is tried again.",
      "\(error)")
  }

  /// What became of a known file.
  private func refresh(
    _ file: FollowedFile, _ found: Found?, _ paths: Set<String>?, _ now: MonotonicTime
  ) {
    guard let found, let paths else { return refreshUnlisted(file, now) }
    if !paths.contains(file.path) {
      noteRotation(file, now)
      file.path = found.path
      book.change(file.id) { $0.path = found.path }
    }
    file.isListed = true
    guard file.descriptor == nil else { return }
    let isSame =
      found.status.sizeBytes == file.mark.offsetBytes
      && found.status.modifiedNanoseconds == file.modifiedNanoseconds
    if !isSame || file.isDoubtful { open(file, at: file.path, now, isListed: true) }
  }

  /// No path of the patterns leads to it any more.
  private func refreshUnlisted(_ file: FollowedFile, _ now: MonotonicTime) {
    if file.isListed {
      noteRotation(file, now)
      file.isListed = false
    }
    // Open, it is read to its end, whatever it is called now.
    guard file.descriptor == nil else { return }
    if let path = search(file) {
      file.isRotated = true
      open(file, at: path, now, isListed: false)
    } else {
      book.setGone(file.id, at: clock.wallMilliseconds())
      files[file.identity] = nil
    }
  }

  private func noteRotation(_ file: FollowedFile, _ now: MonotonicTime) {
    if !file.isRotated { counters.rotations += 1 }
    file.isRotated = true
    file.lastNews = now
  }

  /// Where in its folder the file lies under another name.
  private func search(_ file: FollowedFile) -> String? {
    do throws(SystemError) {
      for name in try FileSystem.names(in: file.folder) {
        let path = "\(file.folder)/\(name)"
        guard let status = try? FileSystem.status(of: path, followLinks: false) else { continue }
        if status.kind == .regular, FollowIdentity(status) == file.identity { return path }
      }
    } catch { Log.debug("A folder is gone.", ("path", file.folder), ("cause", "\(error)")) }
    return nil
  }

  /// Opens a known file again, if it still holds what it held.
  private func open(
    _ file: FollowedFile, at path: String, _ now: MonotonicTime, isListed: Bool
  ) {
    guard makeRoom() else { return waitingCount += 1 }
    guard let newest = book.newest(file.id) else { return }
    do throws(SystemError) {
      let descriptor = try FileDescriptor(opening: path, .readNoWait)
      let status = try descriptor.status()
      guard status.kind == .regular, FollowIdentity(status) == file.identity else { return }
      file.descriptor = FollowHandle(descriptor)
      let fits = try newest.mark.fits(status.sizeBytes) { offset, count throws(SystemError) in
        try file.bytes(at: offset, count: count)
      }
      guard fits else {
        counters.replaced += 1
        file.close()
        book.setGone(file.id, at: clock.wallMilliseconds())
        // A look that finds it under one of the patterns takes it up as what it is now.
        files[file.identity] = nil
        return
      }
      try file.resume(at: newest.mark, window: newest.window)
      file.isDoubtful = false
      (file.path, file.lastNews) = (path, now)
      file.folder = Self.realFolder(of: path)
      (file.sizeBytes, file.modifiedNanoseconds) = (status.sizeBytes, status.modifiedNanoseconds)
      book.change(file.id) { $0.path = path }
      let name = FollowNames.name(of: path)
      if let birthName = book.entries[file.id]?.birthName,
        FollowNames.isNumbered(name, of: birthName)
      {
        file.isRotated = true
      }
    } catch {
      file.close()
      if error.code != SystemError.noEntry { noteUnopened(path, error) }
    }
  }

  /// A file that is not known: another one, a known one under other numbers, or a copy.
  private func adopt(_ found: Found, among names: Set<String>, _ now: MonotonicTime) {
    let real = Self.realPath(of: found.path)
    guard !isOwn(real) else { return }
    guard makeRoom() else { return waitingCount += 1 }
    do throws(SystemError) {
      let descriptor = try FileDescriptor(opening: found.path, .readNoWait)
      let status = try descriptor.status()
      let identity = FollowIdentity(status)
      // Renamed in between: the next look sees it.
      guard status.kind == .regular, files[identity] == nil, packs[identity] == nil else { return }
      if try descriptor.bytes(at: 0, count: 2) == InputFileContent.magic {
        return adoptPack(found, status, now)
      }
      let file = FollowedFile(
        identity, id: 0, path: found.path, folder: FileSystem.parent(of: real),
        entry: FollowEntry(identity: identity, path: found.path, birthName: ""), at: now)
      file.descriptor = FollowHandle(descriptor)
      (file.sizeBytes, file.modifiedNanoseconds) = (status.sizeBytes, status.modifiedNanoseconds)
      let name = FollowNames.name(of: real)
      file.isRotated = names.contains {
        FollowNames.isNumbered(name, of: FollowNames.name(of: $0))
      }
      var isKnown = try goOn(file)
      if !isKnown { isKnown = try inherit(file, name, now) }
      guard isKnown || unsure[identity] == nil else { return }
      if !isKnown {
        try start(file, name, passesOver: found.isFirstLook && configuration.startsAtEnd)
      }
      files[identity] = file
    } catch {
      if error.code != SystemError.noEntry { noteUnopened(found.path, error) }
    }
  }

  /// The same file held this content before, and was lost sight of.
  private func goOn(_ file: FollowedFile) throws(SystemError) -> Bool {
    for id in book.contents(of: file.identity, isPacked: false) {
      guard let newest = book.newest(id), !newest.mark.isEmpty, try fits(newest.mark, file) else {
        continue
      }
      file.id = id
      file.generation = book.entries[id]?.generation ?? 0
      try file.resume(at: newest.mark, window: newest.window)
      book.change(id) { ($0.path, $0.goneMilliseconds) = (file.path, nil) }
      return true
    }
    return false
  }

  /// A copy of a content that is known: it is read on from where that was left.
  ///
  /// A copy that is still shorter than that place is left alone until it has grown or stands still (`unsure`).
  private func inherit(
    _ file: FollowedFile, _ name: String, _ now: MonotonicTime
  ) throws(SystemError) -> Bool {
    var mayGrow = false
    for id in book.originals(of: name) {
      guard let newest = book.newest(id) else { continue }
      if try fits(newest.mark, file) {
        file.id = inherit(id, file.identity, path: file.path, isPacked: false)
        file.generation = book.entries[id]?.generation ?? 0
        file.isRotated = true
        try file.resume(at: newest.mark, window: newest.window)
        unsure[file.identity] = nil
        return true
      }
      mayGrow = mayGrow || file.sizeBytes < newest.mark.offsetBytes
    }
    guard mayGrow, try startsLikeAnOriginal(file, name) else {
      unsure[file.identity] = nil
      return false
    }
    if let before = unsure[file.identity], before.sizeBytes == file.sizeBytes {
      if now.since(before.since) >= configuration.rotateWait { unsure[file.identity] = nil }
    } else {
      unsure[file.identity] = (file.sizeBytes, now)
    }
    return false
  }

  /// Empty, or with the first bytes of a content that is known.
  private func startsLikeAnOriginal(
    _ file: FollowedFile, _ name: String
  ) throws(SystemError) -> Bool {
    guard file.sizeBytes > 0 else { return true }
    for id in book.originals(of: name) {
      guard let mark = book.newest(id)?.mark else { continue }
      let head = try file.bytes(at: mark.baseBytes, count: mark.headBytes)
      if head.count == mark.headBytes, FollowMark.hash(head) == mark.headHash { return true }
    }
    return false
  }

  private func fits(_ mark: FollowMark, _ file: FollowedFile) throws(SystemError) -> Bool {
    try mark.fits(file.sizeBytes) { offset, count throws(SystemError) in
      try file.bytes(at: offset, count: count)
    }
  }

  /// A new entry that stands where `original` does. What was read of that is not all on disk yet, perhaps: the newest
  /// place becomes the kept one together with the blocks made until now.
  func inherit(_ original: Int, _ identity: FollowIdentity, path: String, isPacked: Bool) -> Int {
    guard let newest = book.newest(original), var entry = book.entries[original] else { return 0 }
    (entry.identity, entry.path, entry.isPacked) = (identity, path, isPacked)
    (entry.packedBytes, entry.goneMilliseconds) = (0, nil)
    let id = book.add(entry)
    book.note(id, newest.mark, newest.window, ticket: desk.newestTicket)
    counters.recognised += 1
    return id
  }

  /// A file never seen before, from its beginning or from its end.
  private func start(
    _ file: FollowedFile, _ name: String, passesOver: Bool
  ) throws(SystemError) {
    file.id = book.add(
      FollowEntry(identity: file.identity, path: file.path, birthName: name))
    guard passesOver, file.sizeBytes > 0 else { return file.forgetSearch() }
    let end = try lastLineEnd(file)
    let headBytes = Int(min(end, UInt64(FollowMark.headBytesMax)))
    let tailBytes = Int(min(end, UInt64(FollowMark.tailBytesMax)))
    file.trace.jump(
      to: end, head: try file.bytes(at: 0, count: headBytes),
      tail: try file.bytes(at: end - UInt64(tailBytes), count: tailBytes), lines: 0, frames: 0)
    file.window = FollowWindow(from: FollowPlace(file.mark))
    file.forgetSearch()
    book.change(file.id) { ($0.mark, $0.window) = (file.mark, file.window.start) }
  }

  /// Behind the last whole line: the line that is being written is read when it is whole.
  private func lastLineEnd(_ file: FollowedFile) throws(SystemError) -> UInt64 {
    var end = file.sizeBytes
    let stop = end - min(end, UInt64(configuration.lineBytesMax))
    while end > stop {
      let count = Int(min(end - stop, UInt64(Self.pieceBytes)))
      let bytes = try file.bytes(at: end - UInt64(count), count: count)
      if let last = bytes.lastIndex(of: 0x0A) { return end - UInt64(count) + UInt64(last) + 1 }
      end -= UInt64(count)
    }
    return stop == 0 ? 0 : file.sizeBytes
  }

  /// Room for one more open file: the one that is silent for longest is closed if all of it was read.
  private func makeRoom() -> Bool {
    guard openCount >= configuration.filesMax else { return true }
    let idle = files.values.filter {
      $0.descriptor != nil && $0.isListed && $0.sizeBytes == $0.mark.offsetBytes
    }
    guard let oldest = idle.min(by: { ($0.lastNews, $0.id) < ($1.lastNews, $1.id) }) else {
      return false
    }
    oldest.close()
    return true
  }

  private func isOwn(_ realPath: String) -> Bool {
    realPath.hasPrefix(Self.realPath(of: configuration.stateDirectory) + "/")
  }

  private static func realPath(of path: String) -> String {
    do throws(SystemError) { return try FileSystem.realPath(of: path) } catch { return path }
  }

  static func realFolder(of path: String) -> String {
    FileSystem.parent(of: realPath(of: path))
  }
}
