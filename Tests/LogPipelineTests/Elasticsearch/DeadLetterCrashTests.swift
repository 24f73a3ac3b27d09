import LogPipeline
import RingSimulation
import TestSupport
import Testing

/// Goal: whatever a kill or a power cut leaves in the files, no dead letter is lost, none is there twice, and each line
/// is whole. Method: files as an earlier life left them, cut at every byte of their last line; a new writer over them.
@Suite struct DeadLetterCrashTests {
  private static let ring = StreamId(high: 7, low: 8)

  private func letter(
    _ sequence: UInt64, id: String? = nil, ring: StreamId = ring, isCopy: Bool = false,
    document: String = #"{"a":[1,{"document":"x"}],"b":"} \" {"}"#
  ) -> DeadLetter {
    DeadLetter(
      ring: ring, sequence: sequence, isCopy: isCopy, index: "holysheep-logs-2026.11.20",
      id: id ?? "id-\(sequence)", status: 400, type: "document_parsing_exception",
      reason: #"a reason with ","document": in it"#, attempts: 2, atMilliseconds: 86_400_000,
      document: Array(document.utf8))
  }

  private func writer(_ folder: TemporaryFolder, from sequence: UInt64 = 1) -> DeadLetterWriter {
    DeadLetterWriter(folder: folder.path, scope: .ring(Self.ring, from: sequence))
  }

  private func stored(_ folder: TemporaryFolder) throws -> [StoredDeadLetter] {
    var found: [StoredDeadLetter?] = []
    for path in try DeadLetterFiles(folder: folder.path).paths() {
      try DeadLetterFiles.forEachLine(of: path) {
        found.append(StoredDeadLetter($0))
        return true
      }
      #expect(try FileSystem.read(path).last == UInt8(ascii: "\n"))
    }
    #expect(found.allSatisfy { $0 != nil }, "a line that is no dead letter")
    return found.compactMap { $0 }
  }

  @Test(arguments: [#"{"a":[1,{"document":"x"}],"b":"} \" {"}"#, "not \"json\"", #""text""#, "{}"])
  func `what was written is read back, document and all`(document: String) throws {
    let folder = try TemporaryFolder()
    let written = letter(3, isCopy: true, document: document)
    try writer(folder).write([written])
    let found = try #require(try stored(folder).first)
    #expect(found.place == DeadLetterPlace(ring: Self.ring, sequence: 3, id: "id-3"))
    #expect(found.isCopy)
    #expect(found.index == written.index && found.status == 400 && found.attempts == 2)
    #expect(found.type == written.type && found.reason == written.reason)
    #expect(found.at == "1970-01-02T00:00:00.000Z")
    #expect(String(decoding: found.document, as: UTF8.self) == document || document == #""text""#)
    #expect(found.line + [UInt8(ascii: "\n")] == written.line)
  }

  @Test
  func `cut at any byte of its last line, the file holds each letter once when it came again`()
    throws
  {
    let (first, last) = (letter(1).line, letter(2).line)
    for kept in 0...last.count {
      let folder = try TemporaryFolder()
      let path = DeadLetterFiles(folder: folder.path).path
      try FileSystem.replace(path, with: first + last[..<kept])
      let writer = writer(folder)
      writer.mendEnd()
      let isWhole = kept >= last.count - 1
      #expect(try stored(folder).count == (isWhole ? 2 : 1), "\(kept) bytes")
      // Neither was settled durably: both come again.
      try writer.write([letter(1), letter(2)])
      #expect(try stored(folder).map(\.place.sequence) == [1, 2], "\(kept) bytes")
      #expect(writer.foundThereCount == (isWhole ? 2 : 1))
      #expect(writer.writtenCount == (isWhole ? 0 : 1))
      #expect(try FileSystem.read(path) == first + last, "\(kept) bytes")
    }
  }

  @Test func `an end of zeros, as a power cut leaves it, is cut off`() throws {
    let folder = try TemporaryFolder()
    let path = DeadLetterFiles(folder: folder.path).path
    let zeros = [UInt8](repeating: 0, count: 200_000)
    try FileSystem.replace(path, with: letter(1).line + zeros)
    try writer(folder).write([letter(2)])
    #expect(try stored(folder).map(\.place.sequence) == [1, 2])
  }

  @Test func `only what stands at or past the cursor, and in the same ring, is known again`() throws
  {
    let folder = try TemporaryFolder()
    let other = StreamId(high: 9, low: 9)
    try writer(folder).write([letter(5), letter(10), letter(11), letter(12, ring: other)])
    let again = writer(folder, from: 10)
    // A sequence before the cursor never comes again; that it does here shows that it was not remembered.
    try again.write([letter(5), letter(10), letter(11), letter(12)])
    #expect(again.foundThereCount == 2)
    #expect(try stored(folder).map(\.place.sequence) == [5, 10, 11, 12, 5, 12])
  }

  @Test
  func `the letter of a copy stands for its origin, which comes again under another sequence`()
    throws
  {
    let folder = try TemporaryFolder()
    try writer(folder).write([letter(90, id: "moved", isCopy: true), letter(5, id: "sent twice")])
    let again = writer(folder, from: 4)
    try again.write([letter(4, id: "moved")])
    #expect(again.foundThereCount == 1)
    // The same bytes sent twice are two accepted events, each with its letter.
    try again.write([letter(6, id: "sent twice")])
    #expect(again.foundThereCount == 1)
    #expect(try stored(folder).map(\.place.sequence) == [90, 5, 6])
    // And a copy of the origin, in the life after.
    let third = writer(folder, from: 4)
    try third.write([letter(120, id: "moved", isCopy: true)])
    #expect(third.foundThereCount == 1)
  }

  @Test
  func
    `an event set aside in the ring, refused there and delivered again after a crash has one letter`()
    throws
  {
    let folder = try TemporaryFolder()
    let ring = try RingHarness()
    var random = SeededRandom(seed: 2)
    ring.append([200, 200], random: &random)
    ring.commit()
    let first = try #require(ring.lease().first)
    ring.writer.relocate(block: first.id, items: [0], now: ring.now)
    ring.housekeep()
    ring.commit()
    func letter(of block: StoredBlock) -> DeadLetter {
      self.letter(
        block.firstSequence, id: "id of \(block.items[0].fingerprint)", isCopy: block.isCopy)
    }
    ring.writer.recall()
    let copy = try #require(ring.lease().first)
    #expect(copy.isCopy && copy.items.count == 1)
    try writer(folder).write([letter(of: copy)])
    // The ring knows nothing of it, and item 1 has kept the cursor before both.
    ring.disk.losePower(seed: 3)
    try ring.reopen()
    let again = try #require(ring.lease().first)
    #expect(again.firstSequence == first.firstSequence && !again.isCopy)
    let after = writer(folder, from: again.firstSequence)
    try after.write([letter(of: again)])
    #expect(after.foundThereCount == 1)
    #expect(try stored(folder).count == 1)
  }

  @Test func `replayed files know all of theirs, also in files that are full`() throws {
    let folder = try TemporaryFolder()
    let small = DeadLetterWriter(folder: folder.path, fileBytesMax: 1)
    for sequence in 1...4 { try small.write([letter(UInt64(sequence))]) }
    #expect(try DeadLetterFiles(folder: folder.path).paths().count == 4)
    let again = DeadLetterWriter(folder: folder.path)
    try again.write((1...5).map { letter($0) })
    #expect(again.foundThereCount == 4)
    #expect(try stored(folder).map(\.place.sequence) == [1, 2, 3, 4, 5])
  }

  @Test func `many writers of one folder keep each line whole and lose none`() throws {
    let folder = try TemporaryFolder()
    let size = UInt64(letter(1).line.count)
    let threads = try (0..<4).map { part in
      let ring = StreamId(high: UInt64(part), low: 1)
      let letters = (1...25).map { letter($0, ring: ring) }
      let writer = DeadLetterWriter(folder: folder.path, fileBytesMax: size * 8)
      return try PosixThread("dead letters") {
        for one in letters {
          do { try writer.write([one]) } catch { Issue.record("\(error)") }
        }
      }
    }
    for thread in threads { thread.join() }
    let found = try stored(folder).map(\.place)
    #expect(found.count == 100)
    #expect(Set(found).count == 100)
  }
}
