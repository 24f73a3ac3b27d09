/// The block that is being filled, and those that are full: all that an event changes, one value, so that exclusive access
/// to it is checked once for a whole buffer of lines.
@safe struct BlockFilling: ~Copyable {
  /// Full blocks, oldest first.
  var sealed: [RawBlock] = []
  /// The ticket the open block carries, or the next one will.
  private(set) var ticket: UInt64 = 1
  /// The ticket of the block that holds the newest appended event; 0 before the first.
  private(set) var lastTicketWithItems: UInt64 = 0

  /// The open block's memory. How much of it is filled, only ``seal(sourceOffsetBytes:)`` and growing tell the array: events
  /// are written through `start`, which stays valid while the array is not touched.
  private var bytes: [UInt8] = []
  private var start: UnsafeMutablePointer<UInt8>?
  private var capacity = 0
  private var count = 0
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
    if items.isEmpty || count + lines.count > RawBlock.rawBytesMax { begin() }
    if count + lines.count > capacity { grow(lines.count) }
    if let start = unsafe start, let source = lines.baseAddress {
      unsafe UnsafeMutableRawPointer(start + count).copyMemory(
        from: source, byteCount: lines.count)
    }
    appendWritten(lines.count, item)
  }

  /// Where the next event may be written, behind the last one of the open block; empty while no block is open.
  ///
  /// Valid until the block changes. What is written there is part of the block once ``appendWritten(_:)`` says so.
  @inline(__always) var room: UnsafeMutableRawBufferPointer {
    guard !items.isEmpty, let start = unsafe start else {
      return unsafe UnsafeMutableRawBufferPointer(start: nil, count: 0)
    }
    let end = min(capacity, RawBlock.rawBytesMax)
    return unsafe UnsafeMutableRawBufferPointer(start: start + count, count: max(0, end - count))
  }

  /// As many events more than `others` will be written into ``room``: its memory, which another core has read last, is
  /// fetched meanwhile.
  @inline(__always) func expectEvent(behind others: Int) {
    let room = unsafe room
    let at = others * Self.commonEventBytes
    guard at + Self.commonEventBytes <= room.count else { return }
    unsafe ProcessorCache.prefetch(
      forWriting: UnsafeMutableRawBufferPointer(rebasing: room[at..<at + Self.commonEventBytes]))
  }
  private static let commonEventBytes = 1024

  /// The event whose lines were written at the beginning of ``room``.
  @inline(__always) mutating func appendWritten(_ item: BlockItem) {
    appendWritten(Int(item.rawLengthBytes), item)
  }

  @inline(__always) private mutating func appendWritten(_ bytes: Int, _ item: BlockItem) {
    count += bytes
    items.append(item)
    lastTicketWithItems = ticket
  }

  /// For a block's first event. Memory that came back and is a little too small grows once, and is large enough for ever.
  @inline(never) private mutating func begin() {
    seal(sourceOffsetBytes: nil)
    if expectedBytes > BlockBuffers.bytesMin, let spare = buffers?.take() { bytes = spare }
    if bytes.capacity == 0 { bytes.reserveCapacity(expectedBytes) }
    look()
    items.reserveCapacity(expectedItems)
  }

  @inline(never) private mutating func grow(_ more: Int) {
    tellCount()
    bytes.reserveCapacity(max(capacity * 2, count + more))
    look()
  }

  private mutating func look() {
    capacity = bytes.capacity
    unsafe start = bytes.withUnsafeMutableBufferPointer { $0.baseAddress }
  }

  private mutating func tellCount() {
    let untold = count - bytes.count
    bytes.append(addingCapacity: untold) { filled in
      unsafe filled.withUnsafeMutableBufferPointer { _, told in told = untold }
    }
  }

  /// As ``BlockBuilder/seal(sourceOffsetBytes:)``.
  mutating func seal(sourceOffsetBytes: UInt64?) {
    guard !items.isEmpty else { return }
    tellCount()
    expectedBytes = min(count + 4096, RawBlock.rawBytesMax)
    expectedItems = items.count + 8
    sealed.append(
      RawBlock(
        bytes: bytes, items: items, intake: intake, ticket: ticket,
        sourceOffsetBytes: sourceOffsetBytes))
    (bytes, items) = ([], [])
    unsafe (start, capacity, count) = (nil, 0, 0)
    ticket += 1
  }
}
