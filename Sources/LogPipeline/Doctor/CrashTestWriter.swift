import Synchronization

/// The process that a crash test kills: takes made-up events into the ring as fast as it can and says on standard
/// output which are acknowledged.
package struct CrashTestWriter {
  /// The first argument of the program that makes it this; in no help, since it is of no use alone.
  package static let command = "crash-test-writer"
  private static let livesAtMost: Duration = .seconds(120)

  private let ring: Ring
  private let acknowledged: Acknowledgements

  /// Passes on what the ring acknowledges.
  private final class Acknowledgements: Sendable {
    /// The last event of each block that is not acknowledged yet, by ticket.
    private let waiting = Mutex<[UInt64: UInt64]>([:])
    private let ring = Mutex<Ring?>(nil)

    func connect(_ ring: Ring) { self.ring.withLock { $0 = ring } }

    func add(_ ticket: UInt64, lastEvent: UInt64) { waiting.withLock { $0[ticket] = lastEvent } }

    func tell(_ ticket: UInt64) {
      let last = waiting.withLock { waiting in
        let last = waiting[ticket]
        waiting = waiting.filter { $0.key > ticket }
        return last
      }
      guard let last, let sync = ring.withLock({ $0?.snapshot().lastSync }) else { return }
      StandardStreams.write(CrashTestOutput.acknowledged(last, sync: sync) + "\n")
    }
  }

  /// - Parameter arguments: the ring's path, its size in bytes, the first event's number.
  /// - Returns: only when something failed, the program's exit code; else it is killed.
  package static func run(_ arguments: [String]) -> Int32 {
    guard arguments.count == 3, let size = UInt64(arguments[1]), let first = UInt64(arguments[2])
    else { return 64 }
    Log.setMinimum(.warning)
    do {
      let parent = try PosixThread("parent") {
        waitForEndOfInput()
        Environment.exit(0)
      }
      try CrashTestWriter(ring: arguments[0], sizeBytes: size).write(from: first)
      // Not reached while the parent lives.
      parent.join()
      return 0
    } catch {
      StandardStreams.writeError("\(error)\n")
      return 70
    }
  }

  private init(ring path: String, sizeBytes: UInt64) throws {
    let acknowledged = Acknowledgements()
    self.acknowledged = acknowledged
    ring = try Ring.open(
      CrashTest.configuration(path: path, sizeBytes: sizeBytes), clock: SystemClock(),
      onDurable: { _, ticket in acknowledged.tell(ticket) }, onRoom: {})
    acknowledged.connect(ring)
  }

  private func write(from first: UInt64) throws {
    try ring.start()
    var next = first
    let deadline = SystemClock().now() + Self.livesAtMost
    for ticket: UInt64 in 1... {
      let block = CrashTestEvents.block(first: next, ticket: ticket)
      next += UInt64(block.items.count)
      acknowledged.add(ticket, lastEvent: next - 1)
      // A full ring takes no more; then this waits to be killed.
      guard ring.put(block) else {
        throw CrashTestError(
          "the ring takes no more: \(ring.snapshot().readOnlyReason ?? "closed")")
      }
      if SystemClock().now() >= deadline { return }
    }
  }

  /// A parent that is gone can not kill its child any more.
  private static func waitForEndOfInput() {
    guard let input = try? FileDescriptor.duplicate(of: 0) else { return }
    var buffer: [UInt8] = [0]
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes { bytes in
        (try? unsafe input.read(into: bytes)) ?? 0
      }
      if count == 0 { return }
    }
  }
}
