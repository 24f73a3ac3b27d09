/// The block that is being filled, and those that are full: all that an event changes, one value, so that exclusive access
/// to it is checked once for a whole buffer of lines.
struct BlockFilling {
  /// Full blocks, oldest first.
  var sealed: [RawBlock] = []
  /// The ticket the open block carries, or the next one will.
  private(set) var ticket: UInt64 = 1
  /// The ticket of the block that holds the newest appended event; 0 before the first.
  private(set) var lastTicketWithItems: UInt64 = 0

  private var bytes: [UInt8] = []
  private var items: [BlockItem] = []
  /// What the last full block took: the next one starts with as much room and does not grow step by step.
  private var expectedBytes = 16 << 10
  private var expectedItems = 32
  private let intake: Int
  private let buffers: BlockBuffers?

  init(intake: Int, buffers: BlockBuffers?) { (self.intake, self.buffers) = (intake, buffers) }

  var openItemCount: Int { items.count }

  /// As ``BlockBuilder/append(actionAndDocument:item:)``.
  mutating func append(_ lines: UnsafeRawBufferPointer, _ item: BlockItem) {
    if items.isEmpty || bytes.count + lines.count > RawBlock.rawBytesMax { begin() }
    unsafe bytes.append(contentsOf: lines)
    items.append(item)
    lastTicketWithItems = ticket
  }

  /// Where the next event may be written, behind the last one of the open block; empty while no block is open.
  ///
  /// Valid until the block changes. What is written there is part of the block once ``appendWritten(_:)`` says so.
  @inline(__always) mutating func room() -> UnsafeMutableRawBufferPointer {
    let at = bytes.count
    let end = min(bytes.capacity, RawBlock.rawBytesMax)
    guard !items.isEmpty, end > at else {
      return unsafe UnsafeMutableRawBufferPointer(start: nil, count: 0)
    }
    return unsafe bytes.withUnsafeMutableBufferPointer { filled in
      unsafe UnsafeMutableRawBufferPointer(
        start: filled.baseAddress.map { unsafe $0 + at }, count: end - at)
    }
  }

  /// The event whose lines were written at the beginning of ``room()``.
  @inline(__always) mutating func appendWritten(_ item: BlockItem) {
    let count = Int(item.rawLengthBytes)
    bytes.append(addingCapacity: count) { written in
      unsafe written.withUnsafeMutableBufferPointer { _, initialized in initialized = count }
    }
    items.append(item)
    lastTicketWithItems = ticket
  }

  /// For a block's first event. Memory that came back and is a little too small grows once, and is large enough for ever.
  @inline(never) private mutating func begin() {
    seal(sourceOffsetBytes: nil)
    if expectedBytes > BlockBuffers.bytesMin, let spare = buffers?.take() { bytes = spare }
    if bytes.capacity == 0 { bytes.reserveCapacity(expectedBytes) }
    items.reserveCapacity(expectedItems)
  }

  /// As ``BlockBuilder/seal(sourceOffsetBytes:)``.
  mutating func seal(sourceOffsetBytes: UInt64?) {
    guard !items.isEmpty else { return }
    expectedBytes = min(bytes.count + 4096, RawBlock.rawBytesMax)
    expectedItems = items.count + 8
    sealed.append(
      RawBlock(
        bytes: bytes, items: items, intake: intake, ticket: ticket,
        sourceOffsetBytes: sourceOffsetBytes))
    (bytes, items) = ([], [])
    ticket += 1
  }
}
