import CSimdjson

/// Reading one file.
extension FollowReader {
  /// - Returns: whether there is more to read now.
  func read(_ file: FollowedFile, _ now: MonotonicTime) -> Bool {
    do throws(SystemError) {
      guard let status = try file.descriptor?.status() else { return false }
      let isTouched = status.modifiedNanoseconds != file.modifiedNanoseconds
      if status.sizeBytes != file.sizeBytes || isTouched { file.lastNews = now }
      file.modifiedNanoseconds = status.modifiedNanoseconds
      let seenBytes = file.sizeBytes
      file.sizeBytes = status.sizeBytes
      if status.sizeBytes < file.searchedBytes {
        truncated(file, seenBytes: seenBytes)
        return true
      }
      if status.sizeBytes == file.searchedBytes {
        if isTouched, try !hasSameHead(file) {
          truncated(file, seenBytes: seenBytes)
          return true
        }
        return endIfSilent(file, now)
      }
      if file.searchedBytes > file.mark.offsetBytes || file.isSkipping {
        return try searchLineEnd(file)
      }
      return try readLines(file, lengthBytes: 0)
    } catch {
      noteProblem(
        file.path,
        "A followed file can not be read; what was read of it is kept, and it is tried again.",
        "\(error)")
      // Another descriptor may do: a network file system gives up the old one.
      file.close()
      file.isDoubtful = true
      return false
    }
  }

  /// A line began and has not ended: only what is new is looked at.
  private func searchLineEnd(_ file: FollowedFile) throws(SystemError) -> Bool {
    guard let descriptor = file.descriptor else { return false }
    let room = unsafe buffer.slice(0..<Self.readBytes)
    let count = try unsafe descriptor.read(into: room, at: file.searchedBytes)
    guard try hasSameHead(file) else {
      truncated(file, seenBytes: file.sizeBytes)
      return true
    }
    let found = unsafe ByteScan.first(
      0x0A, in: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(room)[..<count]))
    guard let found else {
      file.searchedBytes += UInt64(count)
      if file.searchedBytes - file.mark.offsetBytes > UInt64(configuration.lineBytesMax) {
        file.isSkipping = true
      }
      return file.searchedBytes < file.sizeBytes
    }
    let end = file.searchedBytes + UInt64(found) + 1
    let lengthBytes = end - file.mark.offsetBytes
    if lengthBytes - 1 > UInt64(configuration.lineBytesMax) {
      refuseTooLong(file, end: end, lengthBytes: lengthBytes - 1)
      return true
    }
    return try readLines(file, lengthBytes: Int(lengthBytes))
  }

  /// Reads from the mark on, `lengthBytes` at least, and takes the whole lines.
  ///
  /// The bytes before the mark are read with them and compared, and the file's first bytes after that: who truncates the
  /// file and writes anew, even in between, changes one of the two.
  private func readLines(
    _ file: FollowedFile, lengthBytes: Int
  ) throws(SystemError) -> Bool {
    guard let descriptor = file.descriptor else { return false }
    let tail = file.trace.tail
    makeBufferHold(tail.count + max(lengthBytes, Self.readBytes))
    let room = unsafe buffer.slice(0..<(tail.count + max(lengthBytes, Self.readBytes)))
    let count = try unsafe descriptor.read(
      into: room, at: file.mark.offsetBytes - UInt64(tail.count))
    let all = UnsafeRawBufferPointer(room)
    guard count >= tail.count, unsafe all[..<tail.count].elementsEqual(tail),
      try hasSameHead(file)
    else {
      truncated(file, seenBytes: file.sizeBytes)
      return true
    }
    let fresh = unsafe UnsafeRawBufferPointer(rebasing: all[tail.count..<count])
    if file.mark.isEmpty, unsafe fresh.first == 0 {
      file.trace.passZeros(unsafe fresh.prefix { $0 == 0 }.count)
      file.forgetSearch()
      return file.searchedBytes < file.sizeBytes
    }
    unsafe warnOfUtf16(file, fresh)
    guard let last = unsafe ByteScan.last(0x0A, in: fresh) else {
      file.searchedBytes = file.mark.offsetBytes + UInt64(fresh.count)
      file.isSkipping = fresh.count > configuration.lineBytesMax
      return file.searchedBytes < file.sizeBytes
    }
    var at = 0
    while at <= last {
      guard desk.hasRoom else { return false }
      let next = unsafe Self.pieceEnd(fresh, from: at, to: last + 1)
      try unsafe take(UnsafeRawBufferPointer(rebasing: fresh[at..<next]), of: file)
      at = next
    }
    file.forgetSearch()
    return file.searchedBytes < file.sizeBytes
  }

  /// Where the piece ends that begins at `at`: behind a line end.
  private static func pieceEnd(
    _ bytes: UnsafeRawBufferPointer, from at: Int, to end: Int
  ) -> Int {
    guard end - at > pieceBytes else { return end }
    let near = unsafe UnsafeRawBufferPointer(rebasing: bytes[at..<(at + pieceBytes)])
    if let last = unsafe ByteScan.last(0x0A, in: near) { return at + last + 1 }
    let far = unsafe UnsafeRawBufferPointer(rebasing: bytes[(at + pieceBytes)..<end])
    return unsafe ByteScan.first(0x0A, in: far).map { at + pieceBytes + $0 + 1 } ?? end
  }

  /// Whole lines, or the last one of a file that nobody goes on with.
  private func take(
    _ bytes: UnsafeRawBufferPointer, of file: FollowedFile
  ) throws(SystemError) {
    let unit = try unsafe unit(of: file, first: bytes)
    let begin = file.mark.offsetBytes
    var cursor = FollowFrameCursor(frames: unit.frameCount)
    let linesBefore = unit.lineCount
    unsafe desk.take(fileLines: bytes, unit: unit, source: source(of: file.path)) { refusal in
      let place = begin + UInt64(unsafe cursor.offset(of: refusal.frame, in: bytes))
      return Refusal(
        reason: refusal.reason, frame: refusal.frame, message: refusal.message,
        scrubbed: refusal.scrubbed, offsetBytes: place)
    }
    counters.lines += unit.lineCount - linesBefore
    counters.bytes += UInt64(bytes.count)
    unsafe file.trace.pass(bytes, lines: unit.lineCount, frames: unit.frameCount)
    noteRead(file)
  }

  private func noteRead(_ file: FollowedFile) {
    file.forgetSearch()
    file.window.note(file.mark)
    book.note(file.id, file.mark, file.window.start, ticket: desk.newestTicket)
  }

  func source(of path: String) -> SourceContext { SourceContext(input: .file, peer: path) }

  /// The unit of the file's frames, which knows the last 1,024 before the mark.
  private func unit(
    of file: FollowedFile, first bytes: UnsafeRawBufferPointer
  ) throws(SystemError) -> FrameUnit {
    if let unit = file.unit { return unit }
    if file.generation == 0 {
      file.generation = unsafe Self.generation(file.identity, bytes)
      book.change(file.id) { $0.generation = file.generation }
    }
    let from = file.window.start
    let unit = FrameUnit(
      source: source(of: file.path), keepsAllOccurrences: false, linesBefore: from.lines,
      generation: file.generation)
    unit.frameCount = from.frames
    if from.offsetBytes < file.mark.offsetBytes {
      try remember(file, from: from.offsetBytes, unit)
      unit.lineCount = file.mark.lines
      unit.frameCount = file.mark.frames
    }
    file.unit = unit
    return unit
  }

  /// Reads the lines before the mark again, for the window alone.
  private func remember(
    _ file: FollowedFile, from start: UInt64, _ unit: FrameUnit
  ) throws(SystemError) {
    guard let descriptor = file.descriptor else { return }
    let own = InputFileBuffer(capacityBytes: Int(min(file.mark.offsetBytes - start, 16 << 20)))
    var at = start
    while at < file.mark.offsetBytes {
      let wanted = Int(min(UInt64(own.capacityBytes), file.mark.offsetBytes - at))
      let room = unsafe own.slice(0..<wanted)
      let count = try unsafe descriptor.read(into: room, at: at)
      let bytes = unsafe UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(room)[..<count])
      guard count > 0, let last = unsafe ByteScan.last(0x0A, in: bytes) else { return }
      unsafe desk.remember(
        lines: UnsafeRawBufferPointer(rebasing: bytes[...last]), unit: unit)
      at += UInt64(last) + 1
    }
  }

  /// The first line, and the file it was first seen in: known again after a crash, and different for each content.
  static func generation(
    _ identity: FollowIdentity, _ bytes: UnsafeRawBufferPointer
  ) -> UInt64 {
    let end = unsafe ByteScan.first(0x0A, in: bytes) ?? bytes.count
    let line = unsafe Array(bytes.prefix(min(end, FollowMark.headBytesMax)))
    let name = Array("\(identity.device)/\(identity.inode)/".utf8)
    // Small numbers are taken: 1 is every replayed file.
    return FollowMark.hash(name + line) | 1 << 63
  }

  private func refuseTooLong(_ file: FollowedFile, end: UInt64, lengthBytes: UInt64) {
    let frames = (file.unit?.frameCount ?? file.mark.frames) + 1
    let lines = (file.unit?.lineCount ?? file.mark.lines) + 1
    file.unit?.frameCount = frames
    file.unit?.lineCount = lines
    desk.refuse(
      fileLine: Refusal(
        reason: .tooLong, frame: frames,
        message:
          "a line of \(lengthBytes) bytes, over the limit of \(configuration.lineBytesMax) (inputs.tcp.line_max); it was skipped",
        scrubbed: [], offsetBytes: file.mark.offsetBytes), source: source(of: file.path))
    counters.lines += 1
    counters.bytes += end - file.mark.offsetBytes
    file.trace.jump(to: end, head: [], tail: [], lines: lines, frames: frames)
    noteRead(file)
  }

  /// The file became shorter, or holds something else: what comes is another content.
  private func truncated(_ file: FollowedFile, seenBytes: UInt64) {
    counters.truncations += 1
    if seenBytes > file.mark.offsetBytes {
      counters.truncatedUnreadBytes += seenBytes - file.mark.offsetBytes
    }
    Log.debug("A followed file was truncated.", ("file", file.path))
    begin(file)
  }

  /// Another content begins in the file; the old one stays in the book for its copies.
  func begin(_ file: FollowedFile) {
    let birthName = book.entries[file.id]?.birthName ?? FollowNames.name(of: file.path)
    book.setGone(file.id, at: clock.wallMilliseconds())
    file.restart(
      id: book.add(
        FollowEntry(identity: file.identity, path: file.path, birthName: birthName)))
  }

  private func hasSameHead(_ file: FollowedFile) throws(SystemError) -> Bool {
    guard let descriptor = file.descriptor, !file.trace.head.isEmpty else { return true }
    let head = try descriptor.bytes(at: file.mark.baseBytes, count: file.trace.head.count)
    return head == file.trace.head
  }

  /// A file that nobody goes on with, read to its end and silent: its last line needs no end, and it is let go.
  private func endIfSilent(_ file: FollowedFile, _ now: MonotonicTime) -> Bool {
    guard file.isRotated || !file.isListed, now.since(file.lastNews) >= configuration.rotateWait,
      book.isSettled(file.id)
    else { return false }
    do throws(SystemError) {
      if file.isSkipping {
        refuseTooLong(
          file, end: file.sizeBytes, lengthBytes: file.sizeBytes - file.mark.offsetBytes)
        return false
      } else if file.sizeBytes > file.mark.offsetBytes {
        let length = Int(file.sizeBytes - file.mark.offsetBytes)
        makeBufferHold(length)
        let room = unsafe buffer.slice(0..<length)
        guard let count = try unsafe file.descriptor?.read(into: room, at: file.mark.offsetBytes),
          count == length, try hasSameHead(file)
        else { return true }
        try unsafe take(UnsafeRawBufferPointer(room), of: file)
        // Let go once this is on disk too.
        return false
      }
    } catch {
      noteProblem(file.path, "The end of a followed file can not be read.", "\(error)")
      return false
    }
    letGo(file)
    return false
  }

  /// Closes it; without a path it is gone for good.
  func letGo(_ file: FollowedFile) {
    file.close()
    guard !file.isListed else { return }
    book.setGone(file.id, at: clock.wallMilliseconds())
    files[file.identity] = nil
  }

  private func makeBufferHold(_ count: Int) {
    let usual = Self.readBytes + FollowMark.tailBytesMax
    if count > buffer.capacityBytes || buffer.capacityBytes > usual && count <= usual {
      buffer = InputFileBuffer(capacityBytes: max(count, usual))
    }
  }

  private func warnOfUtf16(_ file: FollowedFile, _ bytes: UnsafeRawBufferPointer) {
    guard file.mark.isEmpty, !file.hasWarnedOfUtf16, bytes.count >= 2 else { return }
    let first = unsafe (bytes[0], bytes[1])
    guard first == (0xFF, 0xFE) || first == (0xFE, 0xFF) else { return }
    file.hasWarnedOfUtf16 = true
    Log.error("A followed file is UTF-16; its lines are refused.", ("file", file.path))
  }
}
