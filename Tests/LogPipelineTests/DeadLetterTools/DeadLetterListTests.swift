import LogPipeline
import TestSupport
import Testing

@Suite struct DeadLetterListTests {
  private static let ring = StreamId(high: 1, low: 2)

  private func letter(
    _ sequence: Int, reason: String = "[1:16] failed to parse field [n] of type [long]",
    index: String = "holysheep-logs-2026.11.20"
  ) -> DeadLetter {
    DeadLetter(
      ring: Self.ring, sequence: UInt64(sequence), index: index, id: "id-\(sequence)", status: 400,
      type: "document_parsing_exception", reason: reason, attempts: 1,
      atMilliseconds: 1_764_000_000_000 + Int64(sequence) * 1000,
      document: Array(#"{"n":"x"}"#.utf8))
  }

  private func resolve(_ sequences: [Int], in folder: TemporaryFolder) throws {
    try DeadLetterResolutions(DeadLetterFiles(folder: folder.path)).append(
      sequences.map {
        DeadLetterResolution(
          DeadLetterPlace(ring: Self.ring, sequence: UInt64($0), id: "id-\($0)"), .delivered,
          isEdited: false, atMilliseconds: 0)
      })
  }

  private func list(
    _ folder: TemporaryFolder, _ selection: DeadLetterSelection = DeadLetterSelection()
  ) throws -> DeadLetterList {
    try DeadLetterList(DeadLetterBook(folder: folder.path), selection, limitBytes: 1 << 30)
  }

  @Test func `letters are grouped by reason without its numbers, and index`() throws {
    let folder = try TemporaryFolder()
    let writer = DeadLetterWriter(folder: folder.path)
    try writer.write([
      letter(1), letter(2, reason: "[1:2345] failed to parse field [n] of type [long]"),
      letter(3, reason: "[7:1] failed to parse field [n2] of type [long]"),
      letter(4, index: "holysheep-logs-2026.11.21"),
    ])
    let found = try list(folder)
    #expect(found.open == 4 && found.resolved == 0)
    #expect(found.groups.map(\.count) == [2, 1, 1])
    let first = found.groups[0]
    #expect(
      first.reason
        == "document_parsing_exception: [#:#] failed to parse field [n] of type [long]")
    #expect(first.exampleId == "id-1")
    #expect(first.first.hasSuffix(":01.000Z") && first.last.hasSuffix(":02.000Z"), "\(first)")
    #expect(found.groups.contains { $0.reason.contains("[n2]") })
    #expect(try list(folder, DeadLetterSelection(reason: "[n2]")).groups.map(\.count) == [1])
    #expect(try list(folder, DeadLetterSelection(reason: "[#:#]")).groups.count == 3)
    #expect(try list(folder, DeadLetterSelection(reason: "[1:2345]")).groups.map(\.count) == [1])
  }

  @Test func `what was delivered since is left out unless it is asked for`() throws {
    let folder = try TemporaryFolder()
    try DeadLetterWriter(folder: folder.path).write([letter(1), letter(2), letter(3)])
    try resolve([2], in: folder)
    let found = try list(folder)
    #expect(found.open == 2 && found.resolved == 1)
    #expect(found.groups.map(\.count) == [2])
    let all = try list(folder, DeadLetterSelection(includesResolved: true))
    #expect(all.groups.map(\.count) == [3])
    #expect(all.groups.map(\.resolved) == [1])
    #expect(all.json["groups"]?[0]?["resolved"]?.integer == 1)
  }

  @Test func `the screen has 80 columns at the most, whatever is in the letters`() throws {
    let folder = try TemporaryFolder()
    let long =
      String(repeating: "w", count: 300) + " and words " + String(repeating: "é ", count: 60)
    try DeadLetterWriter(folder: folder.path).write(
      [letter(1, reason: long, index: String(repeating: "i", count: 200)), letter(2)])
    try resolve([2], in: folder)
    for selection in [DeadLetterSelection(), DeadLetterSelection(includesResolved: true)] {
      let text = try list(folder, selection).text
      for line in text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
      #expect(text.contains("1 open dead letter."))
    }
    #expect(try list(try TemporaryFolder()).text.hasPrefix("No open dead letters."))
  }

  @Test func `a note cut at any byte leaves its letter open and the others done with`() throws {
    let folder = try TemporaryFolder()
    let files = DeadLetterFiles(folder: folder.path)
    try DeadLetterWriter(folder: folder.path).write([letter(1), letter(2), letter(3)])
    try resolve([1], in: folder)
    let first = try FileSystem.read(files.resolvedPath)
    try resolve([2], in: folder)
    let both = try FileSystem.read(files.resolvedPath)
    for kept in first.count..<both.count {
      try FileSystem.replace(files.resolvedPath, with: Array(both[..<kept]))
      #expect(try list(folder).open == 2, "\(kept)")
      try resolve([3], in: folder)
      // Only its line end was missing: it counts.
      #expect(try list(folder).open == (kept == both.count - 1 ? 0 : 1), "\(kept)")
    }
  }

  @Test func `prune removes files that are done with, and nothing else`() throws {
    let folder = try TemporaryFolder()
    let files = DeadLetterFiles(folder: folder.path)
    #expect(try DeadLetterPrune.run(folder: folder.path).filesRemoved == 0)
    let size = UInt64(letter(1).line.count)
    let writer = DeadLetterWriter(folder: folder.path, fileBytesMax: size * 2)
    for sequence in 1...5 { try writer.write([letter(sequence)]) }
    #expect(try files.paths().count == 3)
    try resolve([1, 2, 3, 5], in: folder)
    let pruned = try DeadLetterPrune.run(folder: folder.path)
    #expect(pruned.filesRemoved == 2 && pruned.lettersRemoved == 3 && pruned.filesKept == 1)
    #expect(pruned.bytesFreed == size * 3)
    let found = try list(folder)
    #expect(found.open == 1 && found.resolved == 1)
    // What is said of letters that are gone is gone, too, and what is said of 3 is kept.
    #expect(try DeadLetterResolutions(files).read().keys.map(\.sequence) == [3])
    // The writer goes on in a new file.
    try writer.write([letter(6)])
    #expect(try list(folder).open == 2)
    #expect(try DeadLetterPrune.run(folder: folder.path).filesRemoved == 0)
  }

  @Test func `a file with a line that can not be read is never removed`() throws {
    let folder = try TemporaryFolder()
    let files = DeadLetterFiles(folder: folder.path)
    try FileSystem.replace(files.path, with: letter(1).line + Array("by hand\n".utf8))
    try resolve([1], in: folder)
    #expect(try DeadLetterPrune.run(folder: folder.path).filesKept == 1)
    #expect(try list(folder).unreadableLines == 1)
    try FileSystem.replace(files.path, with: letter(1).line + Array("torn".utf8))
    #expect(try DeadLetterPrune.run(folder: folder.path).filesKept == 1)
  }
}
