/// Rotated files that were compressed: known by what they hold, and read on from where that was left.
extension FollowReader {
  /// A gzip file under one of the patterns.
  func adoptPack(_ found: Found, _ status: FileStatus, _ now: MonotonicTime) {
    let identity = FollowIdentity(status)
    let known = book.contents(of: identity, isPacked: true).first
    let pack = FollowedPack(
      status, path: found.path, id: known,
      isPassedOver: found.isFirstLook && configuration.startsAtEnd, at: now)
    packs[identity] = pack
    if let known {
      book.change(known) { ($0.path, $0.goneMilliseconds) = (found.path, nil) }
      if book.entries[known]?.packedBytes == status.sizeBytes { pack.step = .done }
    } else if pack.isPassedOver {
      var entry = FollowEntry(
        identity: identity, path: found.path, birthName: FollowNames.name(of: found.path))
      (entry.isPacked, entry.packedBytes) = (true, status.sizeBytes)
      pack.id = book.add(entry)
      pack.step = .done
    }
  }

  /// What became of a known one.
  func refresh(_ pack: FollowedPack, _ found: Found?, _ now: MonotonicTime) {
    guard let found else {
      pack.isListed = false
      // One that is being read is open, and is read to its end.
      switch pack.step {
      case .waiting, .done:
        if let id = pack.id { book.setGone(id, at: clock.wallMilliseconds()) }
        packs[pack.identity] = nil
      default: break
      }
      return
    }
    (pack.path, pack.isListed) = (found.path, true)
    let status = found.status
    let isSame =
      status.sizeBytes == pack.sizeBytes && status.modifiedNanoseconds == pack.modifiedNanoseconds
    if isSame { return }
    (pack.sizeBytes, pack.modifiedNanoseconds) = (status.sizeBytes, status.modifiedNanoseconds)
    pack.lastNews = now
    // Another file's content by now, perhaps: this look takes it up as what it is.
    if pack.isDone { packs[pack.identity] = nil } else { pack.step = .waiting }
  }

  /// Goes on with one of them, a share at a time.
  /// - Returns: whether there is more to do at once.
  func readPacks(_ now: MonotonicTime) -> Bool {
    let waiting = packs.values.filter { !$0.isDone }.sorted { $0.path > $1.path }
    let begun = waiting.first {
      if case .waiting = $0.step { false } else { true }
    }
    let next = begun ?? waiting.first { now.since($0.lastNews) >= configuration.poll }
    guard let next else { return false }
    do throws(InputFileError) {
      try goOn(next)
      return true
    } catch {
      giveUp(next, error, now)
      return false
    }
  }

  private func goOn(_ pack: FollowedPack) throws(InputFileError) {
    switch pack.step {
    case .waiting:
      pack.step = .comparing(try open(pack), FollowComparison())
    case .comparing(let content, let comparison):
      if try compare(content, comparison, pack) { try beginReading(pack, comparison) }
    case .skipping(let content, let mark):
      let target = min(pack.window.start.offsetBytes, content.offsetBytes + UInt64(4 << 20))
      guard try content.skip(to: target) else {
        throw .shorterThanBefore(path: pack.path, offsetBytes: mark.offsetBytes)
      }
      if target == pack.window.start.offsetBytes { startLines(pack, content) }
    case .reading(let content, let reader, let unit):
      try readLines(pack, content, reader, unit)
    case .done: break
    }
  }

  private func open(_ pack: FollowedPack) throws(InputFileError) -> InputFileContent {
    do throws(SystemError) {
      let descriptor = try FileDescriptor(opening: pack.path, .readNoWait)
      let status = try descriptor.status()
      guard FollowIdentity(status) == pack.identity else {
        throw SystemError(code: SystemError.stale, operation: "open \(pack.path)")
      }
      return InputFileContent(name: pack.path, descriptor: descriptor, isSeekable: true)
    } catch { throw .cannotOpen(path: pack.path, error) }
  }

  /// - Returns: whether it is known now what the content is.
  private func compare(
    _ content: InputFileContent, _ comparison: FollowComparison, _ pack: FollowedPack
  ) throws(InputFileError) -> Bool {
    let room = unsafe buffer.slice(0..<Self.readBytes)
    let count = try unsafe content.read(into: room)
    unsafe comparison.pass(
      UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(room)[..<count]))
    if count == 0 || comparison.hasHead { chooseCandidates(comparison, pack) }
    return comparison.isDecided || count == 0
  }

  private func chooseCandidates(_ comparison: FollowComparison, _ pack: FollowedPack) {
    guard !comparison.hasCandidates else { return }
    let ids =
      pack.id.map { [$0] }
      ?? book.originals(of: FollowNames.name(of: Self.realName(of: pack.path)))
    comparison.choose(
      ids.compactMap { id in
        book.newest(id).map {
          FollowComparison.Candidate(id: id, mark: $0.mark, window: $0.window)
        }
      })
  }

  private static func realName(of path: String) -> String {
    do throws(SystemError) { return try FileSystem.realPath(of: path) } catch { return path }
  }

  /// Goes back to where reading begins: the window before the place that is known, or the start.
  private func beginReading(
    _ pack: FollowedPack, _ comparison: FollowComparison
  ) throws(InputFileError) {
    var mark = FollowMark()
    if let known = comparison.best {
      if pack.id == nil {
        pack.id = inherit(known.id, pack.identity, path: pack.path, isPacked: true)
      }
      mark = known.mark
      pack.trace = FollowTrace(at: mark, head: comparison.head, tail: [])
      pack.window = FollowWindow(from: known.window)
      // Most are known to their end.
      if comparison.isAtEnd, comparison.offsetBytes == mark.offsetBytes { return finish(pack) }
    } else {
      if let id = pack.id { book.setGone(id, at: clock.wallMilliseconds()) }
      var entry = FollowEntry(
        identity: pack.identity, path: pack.path,
        birthName: FollowNames.name(of: Self.realName(of: pack.path)))
      entry.isPacked = true
      pack.id = book.add(entry)
      pack.trace = FollowTrace()
      pack.trace.passZeros(Int(comparison.baseBytes))
      pack.window = FollowWindow(from: FollowPlace(pack.trace.mark))
    }
    pack.step = .skipping(try open(pack), mark)
  }

  private func startLines(_ pack: FollowedPack, _ content: InputFileContent) {
    let from = pack.window.start
    let generation = pack.id.flatMap { book.entries[$0]?.generation } ?? 0
    let unit = FrameUnit(
      source: source(of: pack.path), keepsAllOccurrences: false, linesBefore: from.lines,
      // Nothing of it was read before: it is told from others by its own numbers.
      generation: generation != 0
        ? generation
        : unsafe Array("\(pack.identity.inode)\n".utf8).withUnsafeBytes {
          unsafe Self.generation(pack.identity, $0)
        })
    unit.frameCount = from.frames
    if let id = pack.id { book.change(id) { $0.generation = unit.generation } }
    let reader = LineReader(content, lineMaxBytes: configuration.lineBytesMax)
    reader.boundaryOffsetBytes = pack.trace.mark.offsetBytes
    pack.step = .reading(content, reader, unit)
  }

  private func readLines(
    _ pack: FollowedPack, _ content: InputFileContent, _ reader: LineReader, _ unit: FrameUnit
  ) throws(InputFileError) {
    let outcome = try reader.read { piece in
      take(piece, of: pack, unit)
      return true
    }
    if outcome == .ended { finish(pack) }
  }

  private func take(_ piece: LinePiece, of pack: FollowedPack, _ unit: FrameUnit) {
    let mark = pack.trace.mark
    if piece.endOffsetBytes <= mark.offsetBytes {
      unsafe desk.remember(lines: piece.bytes, unit: unit)
      if piece.endOffsetBytes == mark.offsetBytes {
        (unit.lineCount, unit.frameCount) = (mark.lines, mark.frames)
      }
      return
    }
    let linesBefore = unit.lineCount
    if case .tooLong(let lengthBytes) = piece.kind {
      unit.frameCount += 1
      unit.lineCount += 1
      desk.refuse(
        fileLine: Refusal(
          reason: .tooLong, frame: unit.frameCount,
          message:
            "a line of \(lengthBytes) bytes, over the limit of \(configuration.lineBytesMax) (inputs.tcp.line_max); it was skipped",
          scrubbed: [], offsetBytes: mark.offsetBytes), source: source(of: pack.path))
      pack.trace.jump(
        to: piece.endOffsetBytes, head: [], tail: [], lines: unit.lineCount,
        frames: unit.frameCount)
    } else {
      var cursor = FollowFrameCursor(frames: unit.frameCount)
      unsafe desk.take(
        fileLines: piece.bytes, unit: unit, source: source(of: pack.path)
      ) { refusal in
        let place =
          mark.offsetBytes + UInt64(unsafe cursor.offset(of: refusal.frame, in: piece.bytes))
        return Refusal(
          reason: refusal.reason, frame: refusal.frame, message: refusal.message,
          scrubbed: refusal.scrubbed, offsetBytes: place)
      }
      unsafe pack.trace.pass(piece.bytes, lines: unit.lineCount, frames: unit.frameCount)
    }
    counters.lines += unit.lineCount - linesBefore
    counters.bytes += piece.endOffsetBytes - mark.offsetBytes
    pack.window.note(pack.trace.mark)
    noteRead(pack, packedBytes: nil)
  }

  private func noteRead(_ pack: FollowedPack, packedBytes: UInt64?) {
    guard let id = pack.id else { return }
    book.note(
      id, pack.trace.mark, pack.window.start, ticket: desk.newestTicket, packedBytes: packedBytes)
  }

  private func finish(_ pack: FollowedPack) {
    noteRead(pack, packedBytes: pack.sizeBytes)
    pack.step = .done
    guard !pack.isListed else { return }
    if let id = pack.id { book.setGone(id, at: clock.wallMilliseconds()) }
    packs[pack.identity] = nil
  }

  /// Cut short, it may not be written to its end yet: then it is read again once its size stands still.
  private func giveUp(_ pack: FollowedPack, _ error: InputFileError, _ now: MonotonicTime) {
    if case .cannotOpen(_, let cause) = error {
      pack.step = .waiting
      pack.lastNews = now
      if cause.code != SystemError.noEntry, cause.code != SystemError.stale {
        noteProblem(
          pack.path, "A followed gzip file can not be opened; it is tried again.", "\(cause)")
      }
      return
    }
    guard now.since(pack.lastNews) >= configuration.rotateWait else {
      pack.step = .waiting
      return
    }
    noteProblem(pack.path, "\(error)", "it stands still")
    finish(pack)
  }
}
