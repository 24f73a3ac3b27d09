import Glibc
import LogPipeline
import Testing

/// Goal: each event is in its day's file exactly once, and the file is plain gzip, whatever a crash or an error leaves.
/// Method: append, cut or spoil the file in every way, open anew, append the same blocks again, read back.
@Suite struct ArchiveWriterTests {
  private let stream = StreamId(high: 1, low: 2)

  private func writer(_ folder: FilesFolder) -> ArchiveWriter {
    ArchiveWriter(folder: folder.path) { "logs-\($0)" }
  }

  /// A block of events with the numbers given, each on its day.
  private func block(_ numbers: ClosedRange<Int>, firstSequence: Int? = nil, day: (Int) -> Int)
    -> StoredBlock
  {
    let builder = BlockBuilder(intake: 0)
    let processor = FilesProcessor()
    let unit = FrameUnit(source: SourceContext(input: .file, peer: "x"), keepsAllOccurrences: false)
    let text = numbers.map { FilesSupport.event($0, day: day($0)) }.joined()
    _ = unsafe Array(text.utf8).withUnsafeBytes {
      unsafe processor.process(lines: $0, unit: unit, into: builder) { _ in }
    }
    builder.seal()
    let raw = builder.sealed[0]
    return StoredBlock(
      id: UInt64(numbers.lowerBound), firstSequence: UInt64(firstSequence ?? numbers.lowerBound),
      codec: .deflate, stored: Deflater(level: 1).flushedPiece(raw.bytes),
      rawLengthBytes: raw.bytes.count, rawCrc32: Deflater.crc32(raw.bytes), items: raw.items)
  }

  private func numbers(_ folder: FilesFolder, day: Int) throws -> [Int64] {
    let path = "\(folder.path)/logs-\(day).ndjson.gz"
    guard FileSystem.exists(path) else { return [] }
    return try FilesSupport.lines(FilesSupport.content(path)).map {
      let line = try JsonValue.parse($0)
      #expect(line["_id"]?.string?.utf8.count == 26)
      return line["n"]?.integer ?? -1
    }
  }

  @Test func `lines carry their id first, days have files of their own`() throws {
    let folder = try FilesFolder()
    let writer = writer(folder)
    try writer.append([(block(1...9, day: { $0 % 2 }), stream)])
    #expect(try numbers(folder, day: 0) == [2, 4, 6, 8])
    #expect(try numbers(folder, day: 1) == [1, 3, 5, 7, 9])
    let lines = try FilesSupport.lines(FilesSupport.content("\(folder.path)/logs-1.ndjson.gz"))
    #expect(
      lines[0].hasPrefix("{\"_id\":\"") && lines[0].hasSuffix("\",\"d\":1,\"n\":1,\"p\":\"\"}"))
    #expect(writer.written.events == 9)
  }

  @Test func `blocks that come again are not written again, also when only some days were written`()
    throws
  {
    let folder = try FilesFolder()
    let first = block(1...6, day: { $0 % 3 })
    try writer(folder).append([(first, stream)])
    // As if the crash had come before day 2 was written.
    try FileSystem.remove("\(folder.path)/logs-2.ndjson.gz")
    let again = writer(folder)
    try again.append([(first, stream), (block(7...9, day: { $0 % 3 }), stream)])
    #expect(
      try (0...2).map { try numbers(folder, day: $0) } == [[3, 6, 9], [1, 4, 7], [2, 5, 8]])
    #expect(again.written.eventsFoundThere == 4)
    // Another stream's sequences are its own.
    try again.append([(block(1...3, day: { _ in 0 }), StreamId(high: 9, low: 9))])
    #expect(try numbers(folder, day: 0) == [3, 6, 9, 1, 2, 3])
  }

  @Test func `cut at any byte of the last append, nothing is lost and nothing doubled`() throws {
    let folder = try FilesFolder(inMemory: true)
    let path = "\(folder.path)/logs-0.ndjson.gz"
    let (first, second) = (block(1...3, day: { _ in 0 }), block(4...6, day: { _ in 0 }))
    try writer(folder).append([(first, stream)])
    let firstLength = try FileSystem.read(path).count
    try writer(folder).append([(second, stream)])
    let whole = try FileSystem.read(path)
    for length in 0..<whole.count {
      for isZeroed in [false, true] {
        // Zeroed: the size reached the disk, the data behind `length` did not.
        let tail = [UInt8](repeating: 0, count: isZeroed ? whole.count - length : 0)
        // Members before the last were durable before it began: below, the first is the last one.
        if isZeroed, length < firstLength { continue }
        try folder.write("logs-0.ndjson.gz", whole[..<length] + tail)
        try writer(folder).append([(first, stream), (second, stream)])
        #expect(try numbers(folder, day: 0) == [1, 2, 3, 4, 5, 6], "cut at \(length), \(isZeroed)")
      }
    }
  }

  @Test func `damage in the middle costs no neighbour, foreign files are not touched`() throws {
    let folder = try FilesFolder()
    let path = "\(folder.path)/logs-0.ndjson.gz"
    try writer(folder).append([(block(1...3, day: { _ in 0 }), stream)])
    let firstLength = try FileSystem.read(path).count
    try writer(folder).append([(block(4...6, day: { _ in 0 }), stream)])
    var bytes = try FileSystem.read(path)
    bytes[20] ^= 1
    try folder.write("logs-0.ndjson.gz", bytes)
    try writer(folder).append([(block(7...9, day: { _ in 0 }), stream)])
    let after = try FileSystem.read(path)
    #expect(Array(after[..<bytes.count]) == bytes)
    try folder.write("tail", Array(after[firstLength...]))
    #expect(try FilesSupport.lines(FilesSupport.content("\(folder.path)/tail")).count == 6)

    let foreign = FilesSupport.gzip(Array("{}\n".utf8))
    try folder.write("logs-1.ndjson.gz", foreign)
    let foreignPath = "\(folder.path)/logs-1.ndjson.gz"
    #expect(throws: ArchiveError.foreign(path: foreignPath, offsetBytes: 0)) {
      try writer(folder).append([(block(1...3, day: { _ in 1 }), stream)])
    }
    #expect(try FileSystem.read(foreignPath) == foreign)
  }

  @Test func `two writers share a file without losing a line`() throws {
    let folder = try FilesFolder()
    let (one, two) = (writer(folder), writer(folder))
    let other = StreamId(high: 7, low: 7)
    for start in stride(from: 1, to: 60, by: 6) {
      try one.append([(block(start...(start + 2), day: { _ in 0 }), stream)])
      try two.append([(block((start + 3)...(start + 5), day: { _ in 0 }), other)])
    }
    #expect(try numbers(folder, day: 0) == Array(1...60))
  }

  @Test func `settled items are left out`() throws {
    let folder = try FilesFolder()
    let whole = block(1...3, day: { _ in 0 })
    let partial = StoredBlock(
      id: 1, firstSequence: 1, codec: whole.codec, stored: whole.stored,
      rawLengthBytes: whole.rawLengthBytes, rawCrc32: whole.rawCrc32, items: whole.items,
      settled: [false, true, false])
    try writer(folder).append([(partial, stream)])
    #expect(try numbers(folder, day: 0) == [1, 3])
  }

  @Test func `a folder that is away is an error that tells what became of the events`() throws {
    let folder = try FilesFolder()
    let writer = ArchiveWriter(folder: "\(folder.path)/away") { "logs-\($0)" }
    let events = block(1...3, day: { _ in 0 })
    #expect(throws: ArchiveError.self) { try writer.append([(events, stream)]) }
    try FileSystem.makeDirectories("\(folder.path)/away")
    try writer.append([(events, stream)])
    #expect(writer.written.events == 3)
  }

  @Test func `a full disk keeps the events, and a later try succeeds`() throws {
    // /dev/full answers ENOSPC to each write.
    let folder = try FilesFolder()
    let path = "\(folder.path)/logs-0.ndjson.gz"
    #expect(unsafe symlink("/dev/full", path) == 0)
    let writer = writer(folder)
    let events = block(1...3, day: { _ in 0 })
    var failure: ArchiveError?
    do throws(ArchiveError) { try writer.append([(events, stream)]) } catch { failure = error }
    let text = failure?.description ?? ""
    #expect(text.contains("No space left") && text.contains("events are kept"))
    try FileSystem.remove(path)
    try writer.append([(events, stream)])
    #expect(try numbers(folder, day: 0) == [1, 2, 3])
  }
}
