/// Whoever has a descriptor in the loop: called on the loop's thread when it can be read.
protocol ReadyHandler: AnyObject {
  func becameReady()
}

/// One thread's epoll, timers and wakeup. It sleeps until something is ready or a timer is due, and never for less.
///
/// Confined to the thread that runs it, except for ``wakeup``.
final class EventLoop {
  /// Names a descriptor's place in the loop; one that was removed is never reported, not even late.
  struct Token: Equatable {
    fileprivate let slot: Int
    fileprivate let generation: UInt32
  }
  private struct Slot {
    var handler: (any ReadyHandler)?
    var address: ProcessorCache.Address?
    var generation: UInt32
  }

  /// Other threads get the loop's attention with it.
  let wakeup: Wakeup
  /// Called after a signal of ``wakeup``.
  var onWakeup: () -> Void = {}
  /// Called in each turn after all that was ready.
  var onAllReady: () -> Void = {}
  /// Called at the end of each turn with how many descriptors were ready in it. True: look again without sleeping.
  var onTurnEnd: (Int) -> Bool = { _ in false }
  /// How long to sleep before each look, whatever becomes ready meanwhile.
  var pauseBeforeLooking: () -> Duration = { .zero }

  /// When this turn began.
  private(set) var turnBegan: MonotonicTime
  /// Of the descriptor whose handler is called: as ``Poller/isDivided(at:)`` says.
  private(set) var isDivided = false

  private let poller: Poller
  private let clock: any Clock
  private var slots: [Slot] = []
  private var freeSlots: [Int] = []
  private var timers: [LoopTimer] = []
  private var isStopped = false
  private static let wakeupToken = UInt64.max
  /// So many handlers are looked for in memory before they are called.
  private static let prefetched = 3

  /// `name` is that of its thread.
  init(clock: any Clock, name: String) throws(SystemError) {
    self.clock = clock
    turnBegan = clock.now()
    pulse = ThreadPulse(name: name)
    poller = try Poller()
    wakeup = try Wakeup()
    try poller.add(wakeup.raw, token: Self.wakeupToken)
  }

  func now() -> MonotonicTime { clock.now() }

  /// `isEdge`: as ``Poller/add(_:token:isEdge:)`` says.
  func add(
    _ raw: Int32, _ handler: any ReadyHandler, isEdge: Bool = false
  ) throws(SystemError) -> Token {
    let slot = freeSlots.popLast() ?? slots.count
    if slot == slots.count { slots.append(Slot(generation: 0)) }
    let token = Token(slot: slot, generation: slots[slot].generation)
    let name = UInt64(token.generation) << 32 | UInt64(slot)
    do { try poller.add(raw, token: name, isEdge: isEdge) } catch {
      freeSlots.append(slot)
      throw error
    }
    slots[slot].handler = handler
    slots[slot].address = ProcessorCache.Address(of: handler)
    return token
  }

  /// Call it before the descriptor is closed.
  func remove(_ raw: Int32, _ token: Token) {
    invariant(slots[token.slot].generation == token.generation, "a descriptor was removed twice")
    poller.remove(raw)
    slots[token.slot] = Slot(generation: token.generation &+ 1)
    freeSlots.append(token.slot)
  }

  /// Shows whether a turn takes too long.
  let pulse: ThreadPulse

  /// A timer that is not armed yet; it belongs to the loop for good, so make few.
  func makeTimer(_ action: @escaping () -> Void) -> LoopTimer {
    let timer = LoopTimer(action: action)
    timers.append(timer)
    return timer
  }

  /// Runs until ``stop()``.
  func run() {
    var looksAgain = false
    while !isStopped {
      let pause = pauseBeforeLooking()
      if pause > .zero { PosixThread.sleep(pause) }
      let ready = poller.wait(timeoutMilliseconds: looksAgain ? 0 : timeoutMilliseconds())
      turnBegan = clock.now()
      pulse.begin(at: turnBegan)
      defer { pulse.end() }
      for index in 0..<min(Self.prefetched, ready) { prefetch(poller.token(at: index)) }
      for index in 0..<ready {
        if index + Self.prefetched < ready { prefetch(poller.token(at: index + Self.prefetched)) }
        isDivided = poller.isDivided(at: index)
        dispatch(poller.token(at: index))
      }
      isDivided = false
      onAllReady()
      fireTimers()
      looksAgain = onTurnEnd(ready)
    }
  }

  /// The turn that runs now is the last.
  func stop() { isStopped = true }

  private func dispatch(_ name: UInt64) {
    if name == Self.wakeupToken {
      wakeup.clear()
      onWakeup()
      return
    }
    let slot = Int(name & 0xFFFF_FFFF)
    // An earlier handler of this turn may have removed it, and another may stand in its place.
    guard slots[slot].generation == UInt32(name >> 32) else { return }
    slots[slot].handler?.becameReady()
  }

  /// Its handler is looked for in memory while another one's is busy.
  private func prefetch(_ name: UInt64) {
    let slot = Int(name & 0xFFFF_FFFF)
    if slot < slots.count, let address = slots[slot].address { ProcessorCache.prefetch(address) }
  }

  private func timeoutMilliseconds() -> Int32 {
    var first: MonotonicTime?
    for timer in timers {
      if let deadline = timer.deadline { first = first.map { min($0, deadline) } ?? deadline }
    }
    guard let first else { return -1 }
    let left = first.since(clock.now()).nanoseconds
    // Rounded up: a loop that wakes a little early would spin until the time has come.
    return Int32(clamping: (left + 999_999) / 1_000_000)
  }

  private func fireTimers() {
    guard timers.contains(where: { $0.deadline != nil }) else { return }
    let now = clock.now()
    for timer in timers { timer.fire(ifDueAt: now) }
  }
}
