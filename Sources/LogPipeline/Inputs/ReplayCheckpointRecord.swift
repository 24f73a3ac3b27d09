/// A checkpoint as it is kept: JSON, version 1.
struct ReplayCheckpointRecord: Equatable {
  private static let version: Int64 = 1

  /// The path it was last replayed under, for people.
  var file: String
  var device: UInt64
  var inode: UInt64
  /// How many of the file's first bytes its key is made of.
  var prefixBytes: Int
  var generation: Int64
  /// Where its events went, "archive" or "elasticsearch"; nil: a program that did not note it.
  var destination: String?
  /// From here on lies at least a whole occurrence window before the settled place.
  var window: ReplayMark
  var advance: ReplayAdvance

  /// Reads one; nil when it is not there. One that can not be read is reported and taken as missing: ids are
  /// the same again, so reading the file from its start stores nothing twice.
  static func load(_ path: String) -> ReplayCheckpointRecord? {
    guard FileSystem.exists(path) else { return nil }
    do {
      let bytes = try FileSystem.read(path, limitBytes: 1 << 20)
      if let record = ReplayCheckpointRecord(json: try JsonValue.parse(bytes)) { return record }
      Log.warning(
        "A checkpoint has another format; its file is read from the start.", ("file", path))
    } catch {
      Log.warning(
        "A checkpoint can not be read; its file is read from the start.", ("file", path),
        ("reason", "\(error)"))
    }
    return nil
  }

  var json: JsonValue {
    .object([
      ("version", .integer(Self.version)), ("file", .string(file)),
      ("device", .string(String(device))), ("inode", .string(String(inode))),
      ("prefix_bytes", .integer(Int64(prefixBytes))), ("generation", .integer(generation)),
      ("finished", .bool(advance.isFinished)),
      ("settled", Self.json(of: advance.mark)), ("window", Self.json(of: window)),
      ("delivered", .integer(Int64(advance.delivered))),
      ("duplicate", .integer(Int64(advance.duplicate))),
      ("dead_lettered", .integer(Int64(advance.deadLettered))),
      ("destination", destination.map { .string($0) } ?? .null),
    ])
  }

  private static func json(of mark: ReplayMark) -> JsonValue {
    .object([
      ("offset_bytes", .integer(Int64(mark.offsetBytes))),
      ("file_offset_bytes", .integer(Int64(mark.fileOffsetBytes))),
      ("lines", .integer(Int64(mark.lines))),
      ("frames", .integer(Int64(mark.frames))), ("events", .integer(Int64(mark.events))),
      ("refused", .integer(Int64(mark.refused))), ("hashed", .integer(Int64(mark.hashed))),
      ("inside_line", .bool(mark.isInsideLine)),
    ])
  }
}

extension ReplayCheckpointRecord {
  /// nil when a member is missing or the version another.
  init?(json: JsonValue) {
    guard json["version"]?.integer == Self.version, let file = json["file"]?.string,
      let device = json["device"]?.string.flatMap(UInt64.init),
      let inode = json["inode"]?.string.flatMap(UInt64.init),
      let prefixBytes = json["prefix_bytes"]?.integer,
      let generation = json["generation"]?.integer,
      let isFinished = json["finished"]?.bool, let settled = Self.mark(json["settled"]),
      let window = Self.mark(json["window"]), let delivered = Self.count(json["delivered"]),
      let duplicate = Self.count(json["duplicate"]),
      let deadLettered = Self.count(json["dead_lettered"])
    else { return nil }
    var advance = ReplayAdvance(mark: settled)
    (advance.delivered, advance.duplicate) = (delivered, duplicate)
    (advance.deadLettered, advance.isFinished) = (deadLettered, isFinished)
    self.init(
      file: file, device: device, inode: inode, prefixBytes: Int(prefixBytes),
      generation: generation, destination: json["destination"]?.string, window: window,
      advance: advance)
  }

  private static func count(_ value: JsonValue?) -> UInt64? {
    value?.integer.flatMap { $0 >= 0 ? UInt64($0) : nil }
  }

  private static func mark(_ value: JsonValue?) -> ReplayMark? {
    guard let value, let offsetBytes = count(value["offset_bytes"]),
      let fileOffsetBytes = count(value["file_offset_bytes"]),
      let lines = count(value["lines"]), let frames = count(value["frames"]),
      let events = count(value["events"]), let refused = count(value["refused"]),
      let hashed = count(value["hashed"]), let isInsideLine = value["inside_line"]?.bool
    else { return nil }
    var mark = ReplayMark()
    (mark.offsetBytes, mark.lines, mark.frames) = (offsetBytes, lines, frames)
    (mark.events, mark.refused, mark.hashed) = (events, refused, hashed)
    (mark.fileOffsetBytes, mark.isInsideLine) = (fileOffsetBytes, isInsideLine)
    return mark
  }
}
