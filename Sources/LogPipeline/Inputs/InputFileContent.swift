/// The bytes of a file or of standard input in order, as they were before gzip.
///
/// Whether it is gzip is decided by its first two bytes, not by its name; several members, one behind the other, are one content.
@safe package final class InputFileContent {
  package static let bufferBytes = 1 << 20
  /// How gzip begins.
  static let magic: [UInt8] = [0x1F, 0x8B]

  private enum Kind { case unknown, plain, gzip }

  /// For messages.
  package let name: String
  /// Decompressed bytes handed out (or skipped) so far.
  package private(set) var offsetBytes: UInt64 = 0
  /// Bytes of the file itself read so far: for progress.
  package private(set) var fileOffsetBytes: UInt64 = 0

  private let descriptor: FileDescriptor
  private let isSeekable: Bool
  private var kind = Kind.unknown
  private var inflater: InflaterBox?
  /// Compressed bytes not inflated yet lie in `packed[packedRange]`.
  private var packed: InputFileBuffer?
  private var packedRange = 0..<0
  private var isInsideMember = false

  /// Takes the descriptor over; `isSeekable` is true for regular files, false for standard input.
  package init(name: String, descriptor: consuming FileDescriptor, isSeekable: Bool) {
    self.name = name
    self.descriptor = descriptor
    self.isSeekable = isSeekable
  }

  /// Opens a regular file; a symbolic link is refused.
  package static func open(_ path: String) throws(InputFileError) -> InputFileContent {
    let status: FileStatus
    do throws(SystemError) { status = try FileSystem.status(of: path, followLinks: false) } catch {
      throw .cannotOpen(path: path, error)
    }
    guard status.kind != .symbolicLink else { throw .symbolicLink(path: path) }
    guard status.kind == .regular else { throw .notRegular(path: path) }
    do throws(SystemError) {
      // Was it replaced by a link since, the system refuses it.
      let descriptor = try FileDescriptor(opening: path, .readNoFollow)
      return InputFileContent(name: path, descriptor: descriptor, isSeekable: true)
    } catch { throw .cannotOpen(path: path, error) }
  }

  /// Whether bytes wait inside, so that `read` would answer without asking the system.
  package var hasBufferedInput: Bool { !packedRange.isEmpty }

  package func status() throws(SystemError) -> FileStatus { try descriptor.status() }

  /// Waits for standard input; see ``FileDescriptor``.
  func waitReadable(orSignal wakeup: Wakeup, for span: Duration?) throws(SystemError) -> Bool {
    try descriptor.waitReadable(orSignal: wakeup, for: span)
  }

  /// The first bytes of the file itself, at most `count`; leaves the position alone.
  package func firstFileBytes(_ count: Int) throws(SystemError) -> [UInt8] {
    let buffer = InputFileBuffer(capacityBytes: count)
    let found = try unsafe descriptor.read(into: buffer.slice(0..<count), at: 0)
    return unsafe Array(buffer.slice(0..<found))
  }

  /// What there is, at least one byte, at most the room; 0 at the end.
  package func read(into room: UnsafeMutableRawBufferPointer) throws(InputFileError) -> Int {
    var count = 0
    if kind == .unknown {
      count = try unsafe recogniseKind(room)
      if kind == .plain { return count }
    } else if kind == .plain {
      count = try unsafe readFile(into: room)
      offsetBytes += UInt64(count)
      return count
    }
    return try unsafe readInflated(into: room)
  }

  /// Goes on to `offset` of the decompressed content; false when it ends before that.
  package func skip(to offset: UInt64) throws(InputFileError) -> Bool {
    let sink = InputFileBuffer(capacityBytes: 1 << 18)
    while offsetBytes < offset {
      if kind == .plain, isSeekable {
        let size: UInt64
        do throws(SystemError) { size = try descriptor.status().sizeBytes } catch {
          throw .readFailed(path: name, offsetBytes: offsetBytes, error)
        }
        guard size >= offset else { return false }
        (offsetBytes, fileOffsetBytes) = (offset, offset)
        return true
      }
      let room = Int(min(UInt64(sink.capacityBytes), offset - offsetBytes))
      // A magic number needs two bytes of room; a file is never resumed at its first byte.
      guard try unsafe read(into: sink.slice(0..<max(room, 2))) > 0 else { return false }
    }
    if kind == .plain, isSeekable { (offsetBytes, fileOffsetBytes) = (offset, offset) }
    return offsetBytes == offset
  }

  private func recogniseKind(
    _ room: UnsafeMutableRawBufferPointer
  ) throws(InputFileError) -> Int {
    var count = 0
    // One byte alone says nothing if it is the first of the two.
    while count < 2 {
      let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: room[count...])
      let more = try unsafe readFile(into: rest)
      count += more
      guard more > 0, unsafe room[0] == Self.magic[0] else { break }
    }
    guard count >= 2, unsafe room[..<2].elementsEqual(Self.magic) else {
      kind = .plain
      offsetBytes += UInt64(count)
      return count
    }
    kind = .gzip
    let packed = InputFileBuffer(capacityBytes: max(Self.bufferBytes, count))
    unsafe packed.slice(0..<count).copyMemory(
      from: UnsafeRawBufferPointer(rebasing: room[..<count]))
    self.packed = packed
    packedRange = 0..<count
    inflater = InflaterBox()
    return count
  }

  private func readInflated(
    into room: UnsafeMutableRawBufferPointer
  ) throws(InputFileError) -> Int {
    guard let inflater, let packed else { return 0 }
    while true {
      if packedRange.isEmpty {
        let count = try unsafe readFile(into: packed.slice(0..<packed.capacityBytes))
        packedRange = 0..<count
        if count == 0 {
          guard !isInsideMember else {
            throw .gzipCutShort(path: name, keptBytes: offsetBytes)
          }
          return 0
        }
      }
      if !isInsideMember {
        guard try startMember(packed) else { continue }
        isInsideMember = true
      }
      let step = unsafe inflater.value.step(
        UnsafeRawBufferPointer(packed.slice(packedRange)), into: room)
      packedRange = (packedRange.lowerBound + step.consumed)..<packedRange.upperBound
      offsetBytes += UInt64(step.produced)
      switch step.status {
      case .more: break
      case .ended:
        isInsideMember = false
        inflater.value.reset()
      case .damaged(let reason):
        throw .gzipDamaged(path: name, keptBytes: offsetBytes, reason: reason)
      }
      if step.produced > 0 { return step.produced }
    }
  }

  /// Looks at the next byte between members: false when it was padding (zeros) and more is needed.
  private func startMember(_ packed: InputFileBuffer) throws(InputFileError) -> Bool {
    while let next = packedRange.first, unsafe packed.bytes[next] == 0 {
      packedRange = (next + 1)..<packedRange.upperBound
    }
    guard let next = packedRange.first else { return false }
    guard unsafe packed.bytes[next] == Self.magic[0] else {
      throw .gzipTrailing(path: name, keptBytes: offsetBytes)
    }
    return true
  }

  private func readFile(
    into room: UnsafeMutableRawBufferPointer
  ) throws(InputFileError) -> Int {
    do throws(SystemError) {
      let count =
        isSeekable
        ? try unsafe descriptor.read(into: room, at: fileOffsetBytes)
        : try unsafe descriptor.read(into: room)
      fileOffsetBytes += UInt64(count)
      return count
    } catch { throw .readFailed(path: name, offsetBytes: offsetBytes, error) }
  }
}

/// A class can not hold a noncopyable value as an optional it mutates through; this box can.
private final class InflaterBox {
  let value = Inflater(.gzip)
}
