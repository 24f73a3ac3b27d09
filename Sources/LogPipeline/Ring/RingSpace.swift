/// Who may write where. Pure: positions in, positions out.
///
/// `durableTail <= head`, and what lies between them is never written over (invariant b of the format).
package struct RingSpace: Equatable, Sendable {
  package let dataSize: UInt64
  /// Held back from new events, for relocation and for groups that must be written again after a failed commit.
  package let reserveBytes: UInt64
  /// Of it, what relocation must leave too.
  package let burnReserveBytes: UInt64
  package private(set) var head: UInt64
  /// The tail of the newest superblock known to be on disk.
  package private(set) var durableTail: UInt64

  package init(dataSize: UInt64, groupBytesMax: Int, head: UInt64, durableTail: UInt64) {
    invariant(
      durableTail <= head && head - durableTail <= dataSize,
      "the log fits the ring: tail \(durableTail), head \(head), size \(dataSize)")
    self.dataSize = dataSize
    burnReserveBytes = UInt64(2 * groupBytesMax)
    reserveBytes = burnReserveBytes + dataSize / 32
    self.head = head
    self.durableTail = durableTail
  }

  /// What must be jumped over because a group may not span the end.
  package func skipBytes(before lengthBytes: Int) -> UInt64 {
    let left = dataSize - head % dataSize
    return left < UInt64(lengthBytes) ? left : 0
  }

  /// Who asks for room; each leaves free what those behind it in this list may need.
  package enum Purpose: Sendable { case newEvents, relocation, failedCommit }

  package func fits(_ lengthBytes: Int, for purpose: Purpose = .newEvents) -> Bool {
    let needed = skipBytes(before: lengthBytes) + UInt64(lengthBytes)
    let kept =
      switch purpose {
      case .newEvents: reserveBytes
      case .relocation: burnReserveBytes
      case .failedCommit: 0 as UInt64
      }
    return head + needed + kept <= durableTail + dataSize
  }

  /// What new events may use of the ring at most.
  package var capacityBytes: UInt64 { dataSize - reserveBytes }

  /// For ordinary groups, now.
  package var freeBytes: UInt64 {
    let used = head - durableTail + reserveBytes
    return used >= dataSize ? 0 : dataSize - used
  }

  package mutating func take(_ lengthBytes: UInt64) {
    invariant(
      head + lengthBytes <= durableTail + dataSize && head % dataSize + lengthBytes <= dataSize,
      "no write touches what lies between the durable tail and the head")
    head += lengthBytes
  }

  package mutating func release(upTo tail: UInt64) {
    invariant(tail >= durableTail && tail <= head, "the tail only moves up to the head")
    durableTail = tail
  }
}
