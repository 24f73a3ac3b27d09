/// A file of archived lines in the making: it gets its name only when it is whole and on disk.
final class ExportFile {
  private static let memberBytesMax = 1 << 20

  let path: String
  private let temporary: String
  private let file: FileDescriptor
  private let stream: StreamId
  private let deflater = Deflater(level: 6)
  private var lines: [UInt8] = []
  private var first: UInt64 = 0
  private var last: UInt64 = 0
  private var count = 0
  private(set) var events: UInt64 = 0
  private(set) var bytes: UInt64 = 0

  init(path: String, stream: StreamId) throws(RingToolError) {
    (self.path, self.stream) = (path, stream)
    temporary = "\(path).part"
    guard !FileSystem.exists(path) else { throw .exportExists(path: path) }
    do throws(SystemError) {
      file = try FileDescriptor(
        opening: temporary, .write, create: true, truncate: true, mode: 0o640)
    } catch { throw .cannotWrite(path: path, error) }
  }

  func append(_ line: [UInt8], sequence: UInt64) throws(RingToolError) {
    if !lines.isEmpty, lines.count + line.count > Self.memberBytesMax { try flush() }
    if lines.isEmpty { first = sequence }
    lines += line
    last = sequence
    count += 1
  }

  /// Everything is on disk; only the name is missing.
  func sync() throws(RingToolError) {
    try flush()
    do throws(SystemError) { try file.sync() } catch { throw .cannotWrite(path: path, error) }
  }

  func putInPlace() throws(RingToolError) {
    do throws(SystemError) {
      if try FileSystem.renameIfFree(temporary, to: path) {
        return try FileSystem.syncDirectory(FileSystem.parent(of: path))
      }
    } catch {
      throw .cannotWrite(path: path, error)
    }
    throw .exportExists(path: path)
  }

  /// It will not be finished.
  func remove() {
    // What can not be removed is overwritten by the next export of that name.
    try? FileSystem.remove(temporary)
  }

  private func flush() throws(RingToolError) {
    guard !lines.isEmpty else { return }
    let member = ArchiveMember.encode(
      lines: lines, stream: stream, firstSequence: first, lastSequence: last, eventCount: count,
      with: deflater)
    do throws(SystemError) { try file.write(member) } catch {
      throw .cannotWrite(path: path, error)
    }
    bytes += UInt64(member.count)
    events += UInt64(count)
    lines.removeAll(keepingCapacity: true)
    count = 0
  }
}
