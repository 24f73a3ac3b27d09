import Synchronization

/// `refused.ndjson`: one line for each frame that was not taken, so that an operator can see what a sender does wrong.
///
/// A thread of its own writes it: intakes never wait for this disk. It is a help, not a ledger: of a network input a line
/// is lost rather than waited for, and that is counted. Safe to call from any thread.
package final class RefusedLog: Sendable {
  private struct Entry: Sendable {
    let refusal: Refusal
    let source: SourceContext
    let wallMilliseconds: Int64
  }

  private final class Count: Sendable {
    let value = Atomic<UInt64>(0)
    func add() { value.add(1, ordering: .relaxed) }
  }

  private let waiting: Mailbox<Entry>
  private let thread: Mutex<PosixThread?>
  private let unwritten = Count()
  private static let entriesWaitingMax = 64

  /// A file that can not be opened is told of, and tried again with each line.
  ///
  /// - Parameters:
  ///   - path: the file; it is appended to, and moved to `path.1` when full.
  ///   - capBytes: how large one file gets.
  /// - Throws: the thread can not be started.
  package init(path: String, capBytes: UInt64 = 64 << 20) throws(SystemError) {
    let file = RefusedFile(path: path, capBytes: capBytes)
    let entries = Mailbox<Entry>(capacity: Self.entriesWaitingMax)
    waiting = entries
    let unwritten = unwritten
    let started = try PosixThread("refused") {
      while let entry = entries.take() {
        if !file.append(entry.refusal, entry.source, entry.wallMilliseconds) { unwritten.add() }
      }
    }
    thread = Mutex(started)
  }

  /// Queues one line.
  package func note(_ refusal: Refusal, from source: SourceContext, atWallMilliseconds: Int64) {
    let entry = Entry(refusal: refusal, source: source, wallMilliseconds: atWallMilliseconds)
    if !waiting.offer(entry) { unwritten.add() }
  }

  /// Queues one line, waiting for room: for inputs that nobody waits on.
  package func keep(_ refusal: Refusal, from source: SourceContext, atWallMilliseconds: Int64) {
    let entry = Entry(refusal: refusal, source: source, wallMilliseconds: atWallMilliseconds)
    if !waiting.put(entry) { unwritten.add() }
  }

  /// Lines that were not written because too many came at once or the disk failed; their frames are counted all the same.
  package var unwrittenCount: UInt64 { unwritten.value.load(ordering: .relaxed) }

  /// Writes what waits and ends the thread. Later lines are counted as unwritten.
  package func close() {
    waiting.close()
    let ending = thread.withLock { current in
      let thread = current
      current = nil
      return thread
    }
    ending?.join()
  }

  deinit { close() }
}
