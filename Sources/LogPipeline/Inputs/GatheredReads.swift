/// What was read of several connections and not looked at yet, side by side.
///
/// A read of the kernel's and the way of an event each need more code and tables than a core's nearest caches hold. With small
/// reads in turn with their events, each event waits for both to come back; read first and taken together, few do.
@safe final class GatheredReads {
  private enum Content {
    case wholeLines(FrameUnit)
    case bytes(TcpConnection)
  }
  private struct Read {
    let count: Int
    let content: Content
    /// Of the unit or the connection.
    let address: ProcessorCache.Address
  }
  private let storage: IntakeBuffer
  private let capacity: Int
  private var reads: [Read] = []
  private var count = 0
  private var pieces: [FramePiece] = []
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

  /// So many bytes were read into ``room``; the connection takes them later.
  func add(_ bytes: Int, of connection: TcpConnection) {
    reads.append(
      Read(
        count: bytes, content: .bytes(connection), address: ProcessorCache.Address(of: connection)))
    count += bytes
  }

  /// So many bytes were read into ``room``, nothing but whole lines, and all before them is taken or whole lines as well.
  func add(wholeLines bytes: Int, of unit: FrameUnit) {
    reads.append(
      Read(
        count: bytes, content: .wholeLines(unit), address: ProcessorCache.Address(of: unit)))
    count += bytes
  }

  /// What was read is taken in the order of the reads: whole lines together, the rest by their connections, which copy out
  /// what is not a whole line.
  func takeAll(at desk: IntakeDesk) {
    for index in reads.indices { ProcessorCache.prefetch(reads[index].address) }
    var at = 0
    for read in reads {
      let bytes = unsafe UnsafeRawBufferPointer(rebasing: storage.room[at..<at + read.count])
      at += read.count
      switch read.content {
      case .wholeLines(let unit): pieces.append(unsafe FramePiece(bytes, of: unit))
      case .bytes(let connection):
        takePieces(at: desk)
        unsafe connection.consume(bytes)
      }
    }
    takePieces(at: desk)
    reads.removeAll(keepingCapacity: true)
    count = 0
  }

  private func takePieces(at desk: IntakeDesk) {
    guard !pieces.isEmpty else { return }
    desk.take(&pieces)
    pieces.removeAll(keepingCapacity: true)
  }
}
