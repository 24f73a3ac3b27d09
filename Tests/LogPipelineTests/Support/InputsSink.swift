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
  /// By their numbers.
  private let intakes = Mutex<[any TicketTaking]>([])

  init(room: Int = .max, isDurableAtOnce: Bool = true) {
    state = Mutex(State(room: room, isDurableAtOnce: isDurableAtOnce))
  }

  func connect(to intake: any TicketTaking) { intakes.withLock { $0.append(intake) } }
  /// It keeps the intakes alive.
  func disconnect() { intakes.withLock { $0 = [] } }

  private func tell(_ block: RawBlock) {
    let known = intakes.withLock { $0.indices.contains(block.intake) ? $0[block.intake] : nil }
    known?.ticketDurable(block.ticket)
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
    if isDurable { tell(block) }
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
    if wasRefused { for intake in intakes.withLock({ $0 }) { intake.roomAppeared() } }
  }

  /// All that was offered until now is durable.
  func makeDurable() {
    for block in state.withLock({ $0.blocks }) { tell(block) }
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
