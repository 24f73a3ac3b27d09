import LogPipeline

/// A folder of a test's own, removed when the test lets go of it.
final class FilesFolder: Sendable {
  let path: String

  /// In memory for tests that sync hundreds of times.
  init(inMemory: Bool = false) throws {
    let parent =
      inMemory && FileSystem.exists("/dev/shm") ? "/dev/shm" : FileSystem.temporaryDirectory
    path = try FileSystem.makeTemporaryDirectory(in: parent, prefix: "sheepshipper-files-")
  }

  deinit { Self.remove(path) }

  /// Writes a file below the folder and gives its path.
  @discardableResult
  func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    let file = "\(path)/\(name)"
    try FileSystem.makeDirectories(FileSystem.parent(of: file))
    let descriptor = try FileDescriptor(opening: file, .write, create: true, truncate: true)
    try descriptor.write(bytes)
    return file
  }

  @discardableResult
  func write(_ name: String, _ text: String) throws -> String { try write(name, Array(text.utf8)) }

  private static func remove(_ path: String) {
    do {
      for name in try FileSystem.names(in: path) {
        let entry = "\(path)/\(name)"
        if try FileSystem.status(of: entry, followLinks: false).kind == .directory {
          remove(entry)
        } else {
          try FileSystem.remove(entry)
        }
      }
      try FileSystem.removeDirectory(path)
    } catch { StandardStreams.writeError("\(error)\n") }
  }
}

enum FilesSupport {
  /// One gzip member.
  static func gzip(_ bytes: [UInt8]) -> [UInt8] {
    let trailer = [Deflater.crc32(bytes), UInt32(bytes.count)].flatMap { value in
      (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32($0 * 8)) }
    }
    return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3] + Deflater(level: 6).wholeStream(bytes) + trailer
  }

  /// All of a file's content, inflated when it is gzip.
  static func content(_ path: String) throws -> [UInt8] {
    let content = try InputFileContent.open(path)
    var all: [UInt8] = []
    var room = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = try unsafe room.withUnsafeMutableBytes { try unsafe content.read(into: $0) }
      if count == 0 { return all }
      all += room[..<count]
    }
  }

  static func lines(_ bytes: [UInt8]) -> [String] {
    String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// An event as ``FilesProcessor`` takes it.
  static func event(_ number: Int, day: Int = 20_000, padding: Int = 0) -> String {
    "{\"d\":\(day),\"n\":\(number),\"p\":\"\(String(repeating: "x", count: padding))\"}\n"
  }
}

/// Turns each line that starts with `{` into an event whose id is made of its bytes, its occurrence among the last 1,024
/// frames, and, when it says `notime`, its line number.
final class FilesProcessor: FrameProcessing {
  private var windows: [ObjectIdentifier: Window] = [:]

  func process(
    lines bytes: UnsafeRawBufferPointer, unit: FrameUnit, into builder: BlockBuilder,
    refuse: (Refusal) -> Void
  ) -> (accepted: Int, refused: Int) {
    var counts = (accepted: 0, refused: 0)
    let all = unsafe Array(bytes)
    for line in all.split(separator: 0x0A, omittingEmptySubsequences: false).dropLast(
      all.last == 0x0A ? 1 : 0)
    {
      unit.lineCount += 1
      let frame = Array(line.last == 0x0D ? line.dropLast() : line)
      if frame.isEmpty { continue }
      if take(frame, unit, builder, refuse) { counts.accepted += 1 } else { counts.refused += 1 }
    }
    return counts
  }

  func process(
    frame bytes: UnsafeRawBufferPointer, unit: FrameUnit, into builder: BlockBuilder,
    refuse: (Refusal) -> Void
  ) -> Bool {
    unit.lineCount += 1
    return take(unsafe Array(bytes), unit, builder, refuse)
  }

  private func take(
    _ frame: [UInt8], _ unit: FrameUnit, _ builder: BlockBuilder, _ refuse: (Refusal) -> Void
  ) -> Bool {
    unit.frameCount += 1
    guard frame.first == UInt8(ascii: "{"), frame.last == UInt8(ascii: "}") else {
      refuse(
        Refusal(reason: .notJson, frame: unit.frameCount, message: "no object", scrubbed: []))
      return false
    }
    let occurrence = windows[ObjectIdentifier(unit), default: Window()].count(of: frame)
    let text = String(decoding: frame, as: UTF8.self)
    let salt = text.contains("notime") ? unit.lineCount : 0
    let id = Self.id(frame + Array("/\(occurrence)/\(salt)".utf8))
    let day = text.split(separator: ",").first.flatMap { Int32($0.dropFirst(5)) } ?? 20_000
    let item = Array("{\"create\":{\"_index\":\"i\",\"_id\":\"\(id)\"}}\n".utf8) + frame + [0x0A]
    unsafe item.withUnsafeBytes {
      unsafe builder.append(
        actionAndDocument: $0,
        item: BlockItem(fingerprint: 0, rawLengthBytes: UInt32(item.count), day: day))
    }
    return true
  }

  /// 26 characters of Crockford's base32.
  static func id(_ bytes: [UInt8]) -> String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")
    var text = ""
    for _ in 0..<25 {
      text.append(alphabet[Int(hash >> 59)])
      hash = (hash &* 6_364_136_223_846_793_005) &+ 1_442_695_040_888_963_407
    }
    return text + "0"
  }
}

private struct Window {
  var frames: [[UInt8]] = []
  var counts: [[UInt8]: Int] = [:]

  mutating func count(of frame: [UInt8]) -> Int {
    let equal = counts[frame, default: 0]
    counts[frame] = equal + 1
    frames.append(frame)
    if frames.count > FrameUnit.windowFrames {
      counts[frames[frames.count - FrameUnit.windowFrames - 1], default: 0] -= 1
    }
    return equal
  }
}

/// The raw bulk items of leased blocks: id and document of each that is not settled yet.
enum FilesBlocks {
  static func events(_ block: StoredBlock) -> [(id: String, document: String)] {
    let raw =
      block.codec == .raw
      ? block.stored : Inflater.raw(block.stored, rawLengthBytes: block.rawLengthBytes) ?? []
    let lines = FilesSupport.lines(raw)
    return block.items.indices.compactMap { index in
      guard block.settled?[index] != true else { return nil }
      let action = lines[index * 2]
      let id = action.split(separator: "\"").dropLast().last.map(String.init) ?? ""
      return (id, lines[index * 2 + 1])
    }
  }
}
