/// The positions as they are kept in `positions.json`: version 1.
package struct FollowRecord: Equatable {
  private static let version: Int64 = 1

  package var entries: [FollowEntry]
  package var knownPatterns: Set<String>

  package init(_ book: FollowBook) {
    entries = book.entries.sorted { $0.key < $1.key }.map(\.value)
    knownPatterns = book.knownPatterns
  }

  package var book: FollowBook { FollowBook(entries: entries, knownPatterns: knownPatterns) }

  package var json: JsonValue {
    .object([
      ("version", .integer(Self.version)),
      ("patterns", .array(knownPatterns.sorted().map { .string($0) })),
      ("files", .array(entries.map(Self.json(of:)))),
    ])
  }

  /// nil when a member is missing or the version another.
  package init?(json: JsonValue) {
    guard json["version"]?.integer == Self.version,
      let patterns = json["patterns"]?.elements?.compactMap(\.string),
      let files = json["files"]?.elements
    else { return nil }
    entries = files.compactMap(Self.entry(of:))
    guard entries.count == files.count else { return nil }
    knownPatterns = Set(patterns)
  }

  private static func json(of entry: FollowEntry) -> JsonValue {
    let mark = entry.mark
    return .object([
      ("path", .string(entry.path)), ("birth_name", .string(entry.birthName)),
      ("device", text(entry.identity.device)), ("inode", text(entry.identity.inode)),
      ("generation", text(entry.generation)),
      ("gzip", .bool(entry.isPacked)), ("gzip_bytes", text(entry.packedBytes)),
      ("gone", entry.goneMilliseconds.map { .integer($0) } ?? .null),
      ("offset", text(mark.offsetBytes)), ("base", text(mark.baseBytes)),
      ("lines", text(mark.lines)), ("frames", text(mark.frames)),
      ("head_bytes", .integer(Int64(mark.headBytes))), ("head", text(mark.headHash)),
      ("tail_bytes", .integer(Int64(mark.tailBytes))), ("tail", text(mark.tailHash)),
      ("window_offset", text(entry.window.offsetBytes)),
      ("window_lines", text(entry.window.lines)), ("window_frames", text(entry.window.frames)),
    ])
  }

  /// All 64 bits: a JSON number does not hold them.
  private static func text(_ number: UInt64) -> JsonValue { .string(String(number)) }

  private static func entry(of json: JsonValue) -> FollowEntry? {
    func number(_ name: String) -> UInt64? { json[name]?.string.flatMap(UInt64.init) }
    func count(_ name: String, atMost limit: Int) -> Int? {
      json[name]?.integer.flatMap { 0...Int64(limit) ~= $0 ? Int($0) : nil }
    }
    guard let path = json["path"]?.string, let birthName = json["birth_name"]?.string,
      let device = number("device"), let inode = number("inode"),
      let generation = number("generation"), let isPacked = json["gzip"]?.bool,
      let packedBytes = number("gzip_bytes"), let offset = number("offset"),
      let base = number("base"), let lines = number("lines"), let frames = number("frames"),
      let headBytes = count("head_bytes", atMost: FollowMark.headBytesMax),
      let head = number("head"),
      let tailBytes = count("tail_bytes", atMost: FollowMark.tailBytesMax),
      let tail = number("tail"), let windowOffset = number("window_offset"),
      let windowLines = number("window_lines"), let windowFrames = number("window_frames"),
      base <= offset, windowOffset <= offset, UInt64(tailBytes) <= offset
    else { return nil }
    var entry = FollowEntry(
      identity: FollowIdentity(device: device, inode: inode), path: path, birthName: birthName)
    (entry.generation, entry.isPacked, entry.packedBytes) = (generation, isPacked, packedBytes)
    entry.goneMilliseconds = json["gone"]?.integer
    (entry.mark.offsetBytes, entry.mark.baseBytes) = (offset, base)
    (entry.mark.lines, entry.mark.frames) = (lines, frames)
    (entry.mark.headBytes, entry.mark.headHash) = (headBytes, head)
    (entry.mark.tailBytes, entry.mark.tailHash) = (tailBytes, tail)
    entry.window.offsetBytes = windowOffset
    (entry.window.lines, entry.window.frames) = (windowLines, windowFrames)
    return entry
  }
}
