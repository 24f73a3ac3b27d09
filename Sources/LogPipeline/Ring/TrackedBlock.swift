/// One block of a consumer's window: what became of its events so far. Also stands for a gap, whose events are lost, and
/// for several blocks in a row that are wholly settled.
struct TrackedBlock {
  let firstSequence: UInt64
  private(set) var itemCount: UInt64
  private(set) var blockCount = 1
  /// The group it lies in.
  let groupPosition: UInt64
  let group: UInt64
  /// Copies before that group.
  let groupRelocated: UInt64
  let writtenMilliseconds: UInt64
  /// nil: a gap, events that are not readable any more.
  let place: BlockPlace?
  /// Its events are copies of others.
  let isCopy: Bool
  let loadedAt: MonotonicTime
  var leasedAt: MonotonicTime?
  /// What it holds can not be delivered for now: it is not leased before.
  var restsUntil: MonotonicTime?
  var delivered: UInt32 = 0
  var duplicate: UInt32 = 0
  var deadLettered: UInt32 = 0
  var dropped: UInt32 = 0
  /// A copy further on has taken the duty over, or this is a void copy. Counts nowhere: the other one does.
  private(set) var passedOn: UInt32 = 0
  /// Copied, but the copy is not durable yet.
  private(set) var moving: UInt32 = 0
  var quarantined: UInt64 = 0
  /// One bit an item, made with the first settlement, gone with the last.
  private var settledBits: [UInt64] = []
  private var movingBits: [UInt64] = []

  /// How many of its items came to which end at once.
  struct Ends {
    private(set) var delivered: UInt32 = 0
    private(set) var duplicate: UInt32 = 0
    private(set) var deadLettered: UInt32 = 0

    mutating func count(_ outcome: ItemOutcome) {
      switch outcome {
      case .delivered: delivered += 1
      case .duplicate: duplicate += 1
      case .deadLettered: deadLettered += 1
      }
    }
  }

  init(
    firstSequence: UInt64, itemCount: UInt64, group: RingAnchor, writtenMilliseconds: UInt64,
    place: BlockPlace?, isCopy: Bool, loadedAt: MonotonicTime,
    restsUntil: MonotonicTime? = nil
  ) {
    self.firstSequence = firstSequence
    self.itemCount = itemCount
    groupPosition = group.position
    self.group = group.group
    groupRelocated = group.relocated
    self.writtenMilliseconds = writtenMilliseconds
    self.place = place
    self.isCopy = isCopy
    self.loadedAt = loadedAt
    self.restsUntil = restsUntil
  }

  var settled: UInt64 {
    UInt64(delivered) + UInt64(duplicate) + UInt64(deadLettered) + UInt64(dropped)
      + UInt64(passedOn) + quarantined
  }
  var isSettled: Bool { settled == itemCount }
  /// The sequence behind its last item.
  var end: UInt64 { firstSequence + itemCount }
  /// Where the cursor stands when this is the first block that is not wholly settled.
  var cursor: RingAnchor {
    RingAnchor(
      position: groupPosition, group: group, sequence: firstSequence, relocated: groupRelocated,
      chain: nil)
  }
  /// Nobody holds it, and it has events to give, now or once it has rested.
  var isWaiting: Bool { place != nil && leasedAt == nil && isOpen }
  func isResting(at now: MonotonicTime) -> Bool { restsUntil.map { $0 > now } ?? false }
  /// Neither settled nor on its way elsewhere.
  var isOpen: Bool { settled + UInt64(moving) < itemCount }
  /// A copy rests for a while where it is before it is copied again.
  func isMovable(at now: MonotonicTime) -> Bool {
    !isCopy || loadedAt + MoveDesk.restAfterMove <= now
  }

  /// Not one of its events is settled or being moved.
  var isUntouched: Bool { settled == 0 && moving == 0 }

  func isSettled(_ index: Int) -> Bool { isSettled || has(settledBits, index) }
  func isOpen(_ index: Int) -> Bool { !isSettled(index) && !has(movingBits, index) }

  /// Counts each item once: a settled one stays as it was; of a moving one its copy decides.
  /// - Returns: how many came to which end.
  mutating func settle(_ items: [Settlement.Item]) -> Ends {
    var new = Ends()
    if isSettled { return new }
    for item in items {
      invariant(
        item.index >= 0 && UInt64(item.index) < itemCount, "a settled item is one of its block's")
      guard !has(settledBits, item.index), !has(movingBits, item.index) else { continue }
      set(&settledBits, item.index)
      new.count(item.outcome)
    }
    delivered += new.delivered
    duplicate += new.duplicate
    deadLettered += new.deadLettered
    return new
  }

  /// The copy of a moving item is durable: the duty is the copy's.
  mutating func passOn(_ index: Int) {
    guard has(movingBits, index) else { return }
    movingBits[index >> 6] &= ~(1 << UInt64(index & 63))
    moving -= 1
    set(&settledBits, index)
    passedOn += 1
  }

  /// A copy whose origin is delivered again.
  mutating func void(_ index: Int) {
    set(&settledBits, index)
    passedOn += 1
  }

  /// - Returns: false when it is settled, or moving already.
  mutating func startMoving(_ index: Int) -> Bool {
    guard isOpen(index) else { return false }
    set(&movingBits, index)
    moving += 1
    return true
  }

  /// Lost, what is open of it.
  mutating func quarantineRest() {
    // As long as something is moving, the bits tell what is lost from what may still come to its end elsewhere.
    for index in 0..<(moving > 0 ? Int(itemCount) : 0) where isOpen(index) {
      set(&settledBits, index)
    }
    quarantined += itemCount - settled - UInt64(moving)
  }

  /// Which items are not to be sent: settled or moving. nil: none.
  var closedItems: [Bool]? {
    isUntouched ? nil : (0..<Int(itemCount)).map { !isOpen($0) }
  }

  /// Stands for the block behind it too, both being settled.
  mutating func absorb(_ next: TrackedBlock) {
    itemCount += next.itemCount
    blockCount += next.blockCount
    delivered += next.delivered
    duplicate += next.duplicate
    deadLettered += next.deadLettered
    dropped += next.dropped
    passedOn += next.passedOn
    quarantined += next.quarantined
  }

  func canAbsorb(_ next: TrackedBlock) -> Bool {
    isSettled && next.isSettled && place != nil && next.place != nil && end == next.firstSequence
  }

  mutating func stopMoving() {
    moving = 0
    movingBits = []
  }

  /// Gives memory back once nothing is open any more.
  mutating func forgetBits() {
    if isSettled { settledBits = [] }
    if moving == 0 { movingBits = [] }
  }

  private func has(_ bits: [UInt64], _ index: Int) -> Bool {
    !bits.isEmpty && bits[index >> 6] >> UInt64(index & 63) & 1 == 1
  }

  private func set(_ bits: inout [UInt64], _ index: Int) {
    if bits.isEmpty { bits = [UInt64](repeating: 0, count: (Int(itemCount) + 63) / 64) }
    bits[index >> 6] |= 1 << UInt64(index & 63)
  }

  /// Of the two bit sets.
  private var bitsBytes: Int { (settledBits.capacity + movingBits.capacity) * 8 }
  var memoryBytes: Int { MemoryLayout<Self>.stride + bitsBytes }
}
