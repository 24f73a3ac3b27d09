import Synchronization

/// Reads a pipe to its end on a thread of its own and keeps what came.
final class PipeCollector: Sendable {
  private let content: Content
  private let stop: Wakeup
  private let thread: PosixThread

  /// Shared with the thread, which may outlive a wait.
  private final class Content: Sendable {
    struct State {
      var bytes: [UInt8] = []
      var isAtEnd = false
    }
    let state = Mutex(State())
    let changed: Wakeup
    init() throws(SystemError) { changed = try Wakeup() }
  }

  /// Takes over the reading end.
  init(_ pipe: consuming FileDescriptor) throws(SystemError) {
    let content = try Content()
    let stop = try Wakeup()
    let reader = PipeReader(pipe)
    self.content = content
    self.stop = stop
    thread = try PosixThread("pipe") {
      while let bytes = reader.next(stop: stop) {
        content.state.withLock { $0.bytes += bytes }
        content.changed.signal()
      }
      content.state.withLock { $0.isAtEnd = true }
      content.changed.signal()
    }
  }

  deinit {
    stop.signal()
    thread.join()
  }

  var collected: [UInt8] { content.state.withLock { $0.bytes } }

  /// Whether `text` has come by `deadline`.
  func wait(for text: String, until deadline: MonotonicTime) -> Bool {
    wait(until: deadline) { String(decoding: $0.bytes, as: UTF8.self).contains(text) }
  }

  func waitForEnd(until deadline: MonotonicTime) {
    _ = wait(until: deadline) { $0.isAtEnd }
  }

  private func wait(until deadline: MonotonicTime, _ isThere: (Content.State) -> Bool) -> Bool {
    while true {
      content.changed.clear()
      let (found, isAtEnd) = content.state.withLock { (isThere($0), $0.isAtEnd) }
      if found || isAtEnd { return found }
      let now = SystemClock().now()
      guard now < deadline else { return false }
      // A second thread that waits may take the signal, so look again from time to time.
      _ = Readiness.wait(for: content.changed.raw, until: min(deadline, now + .milliseconds(50)))
    }
  }
}

/// The end of a pipe that is read.
private final class PipeReader: Sendable {
  private let pipe: FileDescriptor

  init(_ pipe: consuming FileDescriptor) { self.pipe = pipe }

  /// What comes next; nil at the end, on an error, or when told to stop.
  func next(stop: Wakeup) -> [UInt8]? {
    let ready = Readiness.wait(for: [pipe.raw, stop.raw], until: .distantFuture)
    guard ready[0], !ready[1] else { return nil }
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    let count = unsafe chunk.withUnsafeMutableBytes { buffer in
      do throws(SystemError) { return try unsafe pipe.read(into: buffer) } catch { return 0 }
    }
    return count == 0 ? nil : Array(chunk[..<count])
  }
}
