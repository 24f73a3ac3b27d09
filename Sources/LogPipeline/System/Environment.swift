import CLinux
import Glibc

/// The process: its environment, id, terminal and end.
package enum Environment {
  /// Lets the allocator keep up to so much freed memory in each of its arenas.
  ///
  /// Blocks are made by one thread and freed by another, all the time: given back to the system each time, their pages
  /// would be taken and zeroed anew. To be called first of all.
  package static func keepFreedMemory(bytes: Int32) {
    clinux_keep_freed_memory(bytes)
  }

  package static func value(of name: String) -> String? {
    guard let found = unsafe getenv(name) else { return nil }
    return unsafe String(cString: found)
  }

  /// All variables whose name starts with `prefix`.
  package static func variables(withPrefix prefix: String) -> [String: String] {
    var found: [String: String] = [:]
    var at = unsafe environ
    while let entry = unsafe at.pointee {
      let text = unsafe String(cString: entry)
      if text.hasPrefix(prefix), let equals = text.firstIndex(of: "=") {
        found[String(text[..<equals])] = String(text[text.index(after: equals)...])
      }
      unsafe at += 1
    }
    return found
  }

  /// This machine's name.
  package static var hostName: String {
    var name = [CChar](repeating: 0, count: 256)
    guard unsafe gethostname(&name, name.count - 1) == 0 else { return "unknown" }
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  package static var processId: Int32 { getpid() }

  /// The user whose rights this process has; 0 is root.
  package static var userId: UInt32 { geteuid() }

  /// Whether standard output (1) or error (2) is a terminal.
  package static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// Columns of the terminal, 80 when it is none.
  package static func terminalColumns(_ descriptor: Int32) -> Int {
    var size = winsize()
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Lines of the terminal, 24 when it is none.
  package static func terminalRows(_ descriptor: Int32) -> Int {
    var size = winsize()
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0 else { return 24 }
    return Int(size.ws_row)
  }

  package static func exit(_ code: Int32) -> Never { Glibc.exit(code) }

  /// A peer that closes must be an error of the call that writes, not a signal that ends the process.
  package static func ignoreBrokenPipes() { _ = signal(SIGPIPE, SIG_IGN) }

  /// User and system time of this process since its start.
  package static var cpuSeconds: Double {
    var usage = rusage()
    guard unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { return 0 }
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return seconds(usage.ru_utime) + seconds(usage.ru_stime)
  }
}
