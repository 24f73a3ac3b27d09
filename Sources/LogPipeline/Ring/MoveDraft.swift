/// A group of copies in the making. Small blocks and parts of blocks are put together into larger ones.
struct MoveDraft {
  private let group: GroupDraft
  private let lengthMax: Int
  private var open = RawBlock(bytes: [], items: [], intake: 0, ticket: 0)
  private var openOrigins: [UInt64] = []
  /// Of what was copied: how long the events have waited is not forgotten.
  private(set) var oldestWrittenMilliseconds = UInt64.max

  init(buffer: GroupBuffer, now: MonotonicTime, lengthMax: Int) {
    group = GroupDraft(buffer: buffer, openedAt: now)
    self.lengthMax = lengthMax
  }

  var isEmpty: Bool { group.blockCount == 0 && open.items.isEmpty }

  /// Of the group at the most, if a block that needs at most `storedBytes` is added.
  func lengthBytes(adding storedBytes: Int, itemCount: Int) -> Int {
    group.lengthBytes(
      adding: storedBytes + open.bytes.count + open.bytes.count / 8 + RingLayout.blockRowBytes,
      itemCount: itemCount + open.items.count, isCopy: true)
  }

  func hasRoom(for storedBytes: Int, itemCount: Int) -> Bool {
    group.blockCount < RingLayout.groupBlocksMax - 2
      && lengthBytes(adding: storedBytes, itemCount: itemCount) <= lengthMax
  }

  /// A whole block, as it is.
  mutating func append(
    _ block: StoredBlock, row: BlockRow, written: UInt64,
    _ compressor: borrowing BlockCompressor
  ) {
    seal(compressor)
    oldestWrittenMilliseconds = min(oldestWrittenMilliseconds, written)
    group.append(
      copy: block, row: row,
      of: block.items.indices.map { block.firstSequence + UInt64($0) })
  }

  /// Some of a block's items.
  mutating func append(
    _ items: [Int], of block: StoredBlock, raw: [UInt8], written: UInt64,
    _ compressor: borrowing BlockCompressor
  ) {
    guard !items.isEmpty else { return }
    if open.bytes.count + raw.count > RawBlock.rawBytesMax { seal(compressor) }
    oldestWrittenMilliseconds = min(oldestWrittenMilliseconds, written)
    let wanted = Set(items)
    var offset = 0
    for (index, item) in block.items.enumerated() {
      let end = offset + Int(item.rawLengthBytes)
      if wanted.contains(index) {
        open.bytes += raw[offset..<end]
        open.items.append(item)
        openOrigins.append(block.firstSequence + UInt64(index))
      }
      offset = end
    }
  }

  consuming func finish(_ compressor: borrowing BlockCompressor) -> GroupDraft {
    seal(compressor)
    return group
  }

  private mutating func seal(_ compressor: borrowing BlockCompressor) {
    guard !open.items.isEmpty else { return }
    group.append(copies: open, of: openOrigins, with: compressor)
    open.bytes.removeAll(keepingCapacity: true)
    open.items.removeAll(keepingCapacity: true)
    openOrigins.removeAll(keepingCapacity: true)
  }
}
