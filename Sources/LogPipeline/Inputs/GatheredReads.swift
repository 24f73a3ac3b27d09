/// What was read of several connections and not looked at yet, side by side.
///
/// A read of the kernel's and the way of an event each need more code and tables than a core's nearest caches hold. With small
/// reads in turn with their events, each event waits for both to come back; read first and taken together, few do.
@safe final class GatheredReads {
  private struct Read {
    let connection: TcpConnection
    let count: Int
  }
  private let storage: IntakeBuffer
  private let capacity: Int
  private var reads: [Read] = []
  private var count = 0
  /// What is read beyond it is taken at once: it would only fall out of the caches again.
  private static let gatheredBytesMax = 64 << 10

  init(capacity: Int) {
    self.capacity = capacity
    storage = IntakeBuffer(capacity: capacity)
  }

  var isEmpty: Bool { reads.isEmpty }
  /// Take all before the next read.
  var isFull: Bool { count >= min(Self.gatheredBytesMax, capacity / 4) }

  /// For the next read.
  var room: UnsafeMutableRawBufferPointer {
    unsafe UnsafeMutableRawBufferPointer(rebasing: storage.room[count...])
  }

  /// So many bytes were read into ``room``.
  func add(_ bytes: Int, of connection: TcpConnection) {
    reads.append(Read(connection: connection, count: bytes))
    count += bytes
  }

  /// Each connection takes what was read of it, in the order of the reads. What is not a whole line it copies out.
  func takeAll() {
    var at = 0
    for (index, read) in reads.enumerated() {
      if index + 1 < reads.count { reads[index + 1].connection.expectLines() }
      unsafe read.connection.consume(
        UnsafeRawBufferPointer(rebasing: storage.room[at..<at + read.count]))
      at += read.count
    }
    reads.removeAll(keepingCapacity: true)
    count = 0
  }
}
