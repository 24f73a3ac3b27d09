import LogPipeline
import Synchronization

/// Keeps blocks in memory; they are durable when the test says so, or at once.
final class MemorySink: BlockSink {
  private struct State {
    var blocks: [RawBlock] = []
    var room: Int
    var isDurableAtOnce: Bool
    var refused: UInt64 = 0
    var isSomebodyRefused = false
  }
  private let state: Mutex<State>
  private let onDurable = Mutex<(@Sendable (UInt64) -> Void)?>(nil)
  private let onRoom = Mutex<(@Sendable () -> Void)?>(nil)

  init(room: Int = .max, isDurableAtOnce: Bool = true) {
    state = Mutex(State(room: room, isDurableAtOnce: isDurableAtOnce))
  }

  func connect(to intake: Intake) {
    onDurable.withLock { $0 = { intake.ticketDurable($0) } }
    onRoom.withLock { $0 = { intake.roomAppeared() } }
  }
  /// The closures keep the intake alive.
  func disconnect() {
    onDurable.withLock { $0 = nil }
    onRoom.withLock { $0 = nil }
  }

  func offer(_ block: RawBlock) -> Bool {
    let (isTaken, isDurable) = state.withLock { state in
      guard state.room > 0 else {
        state.isSomebodyRefused = true
        return (false, false)
      }
      state.room -= 1
      state.blocks.append(block)
      return (true, state.isDurableAtOnce)
    }
    if isDurable { onDurable.withLock { $0 }?(block.ticket) }
    return isTaken
  }
  func put(_ block: RawBlock) -> Bool { offer(block) }
  func noteRefused(_ count: UInt64) { state.withLock { $0.refused += count } }

  func setRoom(_ blocks: Int) {
    let wasRefused = state.withLock { state in
      state.room = blocks
      let wasRefused = state.isSomebodyRefused
      state.isSomebodyRefused = false
      return wasRefused
    }
    if wasRefused { onRoom.withLock { $0 }?() }
  }

  /// All that was offered until now is durable.
  func makeDurable() {
    if let last = state.withLock({ $0.blocks.last?.ticket }) { onDurable.withLock { $0 }?(last) }
  }

  var blockCount: Int { state.withLock { $0.blocks.count } }
  var refusedCount: UInt64 { state.withLock { $0.refused } }
  /// The frames of all blocks, in order.
  var frames: [String] {
    let blocks = state.withLock { $0.blocks }
    return blocks.flatMap { block in
      String(decoding: block.bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }
  }
  var frameCount: Int { state.withLock { $0.blocks.reduce(0) { $0 + $1.items.count } } }
}
