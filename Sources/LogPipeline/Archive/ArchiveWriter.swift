/// Turns leased blocks into appends to the daily files; lives on the archive's thread.
///
/// Each event is in its file exactly once: a member names the sequences it holds, and what a file has already is
/// left out, so blocks that come again after a crash or an error cost nothing.
package final class ArchiveWriter {
  /// Fast: the archive must keep up with delivery on the same two cores.
  private static let compressionLevel: Int32 = 1
  /// Raw bytes of one member; a larger event has one alone.
  private static let memberBytesMax = 1 << 20

  private let folder: String
  private let indexName: (Int32) -> String
  private let deflater = Deflater(level: compressionLevel)
  private var files: [Int32: ArchiveDayFile] = [:]
  /// What was appended by this writer.
  package private(set) var written = Written()

  package struct Written: Equatable, Sendable {
    package var events: UInt64 = 0
    package var bytes: UInt64 = 0
    /// Events that an earlier run had written already.
    package var eventsFoundThere: UInt64 = 0
  }

  /// - Parameters:
  ///   - folder: where the daily files are.
  ///   - indexName: the index of a day (days since 1970), which names its file too.
  package init(folder: String, indexName: @escaping (Int32) -> String) {
    self.folder = folder
    self.indexName = indexName
  }

  /// Appends all unsettled events of the blocks, durably; after an error call it again with the same blocks.
  ///
  /// - Parameter blocks: in the order of their sequences, each with its stream.
  /// - Throws: ``ArchiveError``; some of the days' files may have been written.
  package func append(_ blocks: [(block: StoredBlock, stream: StreamId)]) throws(ArchiveError) {
    var pending: [Key: [Line]] = [:]
    for (block, stream) in blocks { collect(block, stream, into: &pending) }
    for key in pending.keys.sorted() {
      try append(pending[key] ?? [], day: key.day, stream: key.stream)
    }
  }

  private struct Key: Hashable, Comparable {
    let day: Int32
    let stream: StreamId
    static func < (a: Key, b: Key) -> Bool {
      (a.day, a.stream.high, a.stream.low) < (b.day, b.stream.high, b.stream.low)
    }
  }

  private struct Line {
    let sequence: UInt64
    let bytes: [UInt8]
  }

  private func append(_ lines: [Line], day: Int32, stream: StreamId) throws(ArchiveError) {
    let path = "\(folder)/\(indexName(day)).ndjson.gz"
    var file = files[day] ?? ArchiveDayFile(path: path)
    defer { files[day] = file }
    let descriptor = try file.open()
    let known = file.lastSequence(of: stream)
    let fresh = lines.drop { $0.sequence <= known }
    written.eventsFoundThere += UInt64(lines.count - fresh.count)
    var member: [UInt8] = []
    var first = fresh.startIndex
    for index in fresh.indices {
      member += fresh[index].bytes
      let next = index + 1
      let isFull =
        next == fresh.endIndex || member.count + fresh[next].bytes.count > Self.memberBytesMax
      guard isFull else { continue }
      let last = fresh[index].sequence
      let encoded = ArchiveMember.encode(
        lines: member, stream: stream, firstSequence: fresh[first].sequence, lastSequence: last,
        eventCount: next - first, with: deflater)
      try file.append(encoded, stream: stream, lastSequence: last, to: descriptor)
      written.events += UInt64(next - first)
      written.bytes += UInt64(encoded.count)
      member.removeAll(keepingCapacity: true)
      first = next
    }
  }

  private func collect(
    _ block: StoredBlock, _ stream: StreamId, into pending: inout [Key: [Line]]
  ) {
    let raw = Self.rawBytes(of: block)
    var offset = 0
    for (index, item) in block.items.enumerated() {
      let end = offset + Int(item.rawLengthBytes)
      invariant(end <= raw.count, "block \(block.id)'s items fit its bytes")
      defer { offset = end }
      if block.settled?[index] == true { continue }
      let line = Self.archiveLine(ofItem: raw[offset..<end])
      pending[Key(day: item.day, stream: stream), default: []].append(
        Line(sequence: block.firstSequence + UInt64(index), bytes: line))
    }
  }

  private static func rawBytes(of block: StoredBlock) -> [UInt8] {
    guard block.codec == .deflate else { return block.stored }
    guard let raw = Inflater.raw(block.stored, rawLengthBytes: block.rawLengthBytes) else {
      invariant(false, "block \(block.id), whose checksum was right, inflates")
      return []
    }
    return raw
  }

  /// `{"create":{…"_id":"X"}}⏎{document}⏎` becomes `{"_id":"X",document}⏎`.
  static func archiveLine(ofItem item: ArraySlice<UInt8>) -> [UInt8] {
    unsafe item.withUnsafeBytes { bytes in
      let lineEnd = unsafe ByteScan.first(0x0A, in: bytes)
      invariant(lineEnd != nil, "a bulk item is two lines")
      let documentAt = (lineEnd ?? 0) + 1
      let action = unsafe UnsafeRawBufferPointer(rebasing: bytes[..<documentAt])
      let key = unsafe ByteScan.first("\"_id\":\"", in: action)
      invariant(key != nil, "an action line has an _id")
      let idAt = (key ?? 0) + 7
      let idEnd = idAt + 26
      invariant(
        unsafe idEnd < action.count && action[idEnd] == UInt8(ascii: "\"")
          && documentAt + 1 < bytes.count && bytes[documentAt] == UInt8(ascii: "{"),
        "an _id has 26 characters, and a document is an object")
      var line = Array("{\"_id\":\"".utf8)
      line.reserveCapacity(bytes.count - documentAt + 40)
      unsafe line.append(contentsOf: action[idAt..<idEnd])
      line.append(UInt8(ascii: "\""))
      if unsafe bytes[documentAt + 1] != UInt8(ascii: "}") { line.append(UInt8(ascii: ",")) }
      unsafe line.append(contentsOf: bytes[(documentAt + 1)...])
      return line
    }
  }
}
