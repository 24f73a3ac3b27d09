import CLinux
import Glibc
import Synchronization

/// A program started by this one: its streams, its signals, its end. Killed and reaped when it goes away.
///
/// What it prints to a `.pipe` is collected as it comes by a thread, so it never waits for a reader.
@safe package final class ChildProcess: Sendable {
  package enum Input: Sendable {
    case null, inherit, pipe
    case file(String)
  }
  package enum Output: Sendable {
    case null, inherit, pipe
    /// Made if it is missing, appended to if not.
    case file(String)
  }
  package enum Ending: Equatable, Sendable {
    case exited(Int32)
    case signalled(Int32)
  }
  package enum Signal: Sendable { case terminate, interrupt, hangUp, kill, stop, `continue` }

  package let processId: Int32
  private let endDescriptor: FileDescriptor
  private let outputCollector: PipeCollector?
  private let errorCollector: PipeCollector?
  private let input: Mutex<FileDescriptor?>
  /// nil while it has not been reaped, so that no signal goes to a number that means another process by now.
  private let ending = Mutex<Ending?>(nil)

  /// Starts it.
  ///
  /// `environment` replaces this process's; nil hands it on. `program` is a path, not looked up anywhere. In `folder`,
  /// if given, it runs; a relative `program` then counts from there.
  package init(
    _ program: String, _ arguments: [String] = [], environment: [String: String]? = nil,
    folder: String? = nil, input: Input = .null, output: Output = .pipe, error: Output = .pipe
  ) throws(SystemError) {
    var inputs = try InputEnds(input)
    var outputs = try OutputEnds(output)
    var errors = try OutputEnds(error)
    // All that can fail for want of descriptors or threads comes before the child is there.
    outputCollector = try outputs.takeCollector()
    errorCollector = try errors.takeCollector()
    self.input = Mutex(inputs.parentEnd.take())
    processId = try Self.spawn(
      [program] + arguments, environment, folder,
      (inputs.childEnd?.raw ?? -1, outputs.childEnd?.raw ?? -1, errors.childEnd?.raw ?? -1))
    let descriptor = clinux_process_descriptor(processId)
    if descriptor < 0 {
      let failure = SystemError.last("pidfd_open")
      _ = Glibc.kill(processId, SIGKILL)
      _ = waitpid(processId, nil, 0)
      throw failure
    }
    endDescriptor = FileDescriptor(taking: descriptor)
  }

  deinit {
    signal(.kill)
    _ = wait(until: SystemClock().now() + .seconds(10))
  }

  /// What it has printed to standard output until now, if that is a pipe.
  package var output: [UInt8] { outputCollector?.collected ?? [] }
  /// The same of standard error.
  package var errorOutput: [UInt8] { errorCollector?.collected ?? [] }
  package var outputText: String { String(decoding: output, as: UTF8.self) }
  package var errorText: String { String(decoding: errorOutput, as: UTF8.self) }

  /// Waits until its standard output holds `text`; false when it does not by `deadline`, or has ended without it.
  package func waitForOutput(_ text: String, until deadline: MonotonicTime) -> Bool {
    outputCollector?.wait(for: text, until: deadline) ?? false
  }
  /// The same for standard error.
  package func waitForError(_ text: String, until deadline: MonotonicTime) -> Bool {
    errorCollector?.wait(for: text, until: deadline) ?? false
  }

  /// Writes to its standard input, which must be a pipe; waits while the pipe is full. One thread at a time.
  package func write(_ bytes: [UInt8]) throws(SystemError) {
    Environment.ignoreBrokenPipes()
    try input.withLock { (end: inout FileDescriptor?) throws(SystemError) in
      guard end != nil else { throw SystemError(code: EBADF, operation: "write to a child") }
      try end?.write(bytes)
    }
  }

  /// Its standard input ends here.
  package func closeInput() { input.withLock { $0 = nil } }

  /// Sends a signal, unless it is known to have ended.
  package func signal(_ signal: Signal) {
    let number =
      switch signal {
      case .terminate: SIGTERM
      case .interrupt: SIGINT
      case .hangUp: SIGHUP
      case .kill: SIGKILL
      case .stop: SIGSTOP
      case .continue: SIGCONT
      }
    ending.withLock { if $0 == nil { _ = Glibc.kill(processId, number) } }
  }

  /// How it ended; nil when it still runs at `deadline`. All it printed has then been collected, unless a child of its
  /// own holds the pipe for more than a second longer.
  package func wait(until deadline: MonotonicTime) -> Ending? {
    guard Readiness.wait(for: endDescriptor.raw, until: deadline) else { return nil }
    let found = ending.withLock { (ending: inout Ending?) in
      if ending == nil {
        var status: Int32 = 0
        while unsafe waitpid(processId, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7F
        ending = signal == 0 ? .exited(status >> 8 & 0xFF) : .signalled(signal)
      }
      return ending
    }
    let last = SystemClock().now() + .seconds(1)
    outputCollector?.waitForEnd(until: last)
    errorCollector?.waitForEnd(until: last)
    return found
  }

  private static func spawn(
    _ arguments: [String], _ environment: [String: String]?, _ folder: String?,
    _ ends: (input: Int32, output: Int32, error: Int32)
  ) throws(SystemError) -> Int32 {
    let variables = environment ?? Environment.variables(withPrefix: "")
    var argv = unsafe arguments.map { unsafe strdup($0) }
    var envp = unsafe variables.map { unsafe strdup("\($0.key)=\($0.value)") }
    unsafe argv.append(nil)
    unsafe envp.append(nil)
    defer {
      unsafe argv.forEach { unsafe free($0) }
      unsafe envp.forEach { unsafe free($0) }
    }
    var processId: pid_t = 0
    let status = unsafe clinux_spawn(
      &processId, arguments[0], argv, envp, folder, ends.input, ends.output, ends.error)
    guard status == 0 else { throw SystemError(code: status, operation: "start \(arguments[0])") }
    return processId
  }
}

/// The two ends of a child's standard input.
private struct InputEnds: ~Copyable {
  var childEnd: FileDescriptor?
  var parentEnd: FileDescriptor?

  init(_ input: ChildProcess.Input) throws(SystemError) {
    switch input {
    case .inherit: break
    case .null: childEnd = try FileDescriptor(opening: "/dev/null", .read)
    case .file(let path): childEnd = try FileDescriptor(opening: path, .read)
    case .pipe:
      var ends: [Int32] = [-1, -1]
      guard unsafe clinux_pipe(&ends) == 0 else { throw .last("pipe") }
      childEnd = FileDescriptor(taking: ends[0])
      parentEnd = FileDescriptor(taking: ends[1])
    }
  }
}

/// The two ends of a child's standard output or error.
private struct OutputEnds: ~Copyable {
  var childEnd: FileDescriptor?
  var parentEnd: FileDescriptor?

  init(_ output: ChildProcess.Output) throws(SystemError) {
    switch output {
    case .inherit: break
    case .null: childEnd = try FileDescriptor(opening: "/dev/null", .write)
    case .file(let path):
      childEnd = try FileDescriptor(opening: path, .write, create: true, append: true)
    case .pipe:
      var ends: [Int32] = [-1, -1]
      guard unsafe clinux_pipe(&ends) == 0 else { throw .last("pipe") }
      parentEnd = FileDescriptor(taking: ends[0])
      childEnd = FileDescriptor(taking: ends[1])
    }
  }

  mutating func takeCollector() throws(SystemError) -> PipeCollector? {
    guard let end = parentEnd.take() else { return nil }
    return try PipeCollector(end)
  }
}
