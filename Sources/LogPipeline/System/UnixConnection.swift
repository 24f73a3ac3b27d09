import CLinux
import Glibc

/// A connection over a Unix stream socket that carries lines; each call has an end to its patience.
package struct UnixConnection: ~Copyable {
  private let descriptor: FileDescriptor
  /// Read and not asked for yet.
  private var held: [UInt8] = []

  /// - Throws: ``SystemError/refused`` when nobody listens there, or another reason.
  package init(connectingTo path: String) throws(SystemError) {
    let opened = unsafe clinux_unix_connect(path)
    guard opened >= 0 else { throw .last("connect to \(path)") }
    descriptor = FileDescriptor(taking: opened)
  }

  init(taking descriptor: consuming FileDescriptor) { self.descriptor = descriptor }

  /// Who is at the other end; nil when that can not be told.
  package var peerUserId: UInt32? {
    var user: UInt32 = 0
    return unsafe clinux_peer_user(descriptor.raw, &user) == 0 ? user : nil
  }

  /// Whether the other end has closed; what it sent is not looked at.
  package var isPeerGone: Bool {
    var byte: UInt8 = 0
    let count = unsafe recv(descriptor.raw, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
    return count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)
  }

  /// Waits for a line.
  ///
  /// - Parameters:
  ///   - limitBytes: of the line.
  ///   - deadline: when to give up.
  ///   - wakeup: its signal ends the waiting, too.
  /// - Returns: the line without its end; nil when the other end has closed before one was whole.
  /// - Throws: ``SystemError/tooLong``, ``SystemError/timedOut``, ``SystemError/cancelled``, or what broke it.
  package mutating func nextLine(
    limitBytes: Int, until deadline: MonotonicTime, orSignal wakeup: Wakeup? = nil
  ) throws(SystemError) -> [UInt8]? {
    var searched = 0
    while true {
      if let end = held[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        let line = Array(held[..<end])
        held.removeFirst(end + 1)
        return line
      }
      searched = held.count
      guard held.count <= limitBytes else {
        throw SystemError(code: EMSGSIZE, operation: "read a line of at most \(limitBytes) bytes")
      }
      try wait(for: POLLIN, until: deadline, orSignal: wakeup)
      guard try readMore() else { return nil }
    }
  }

  /// False at the end.
  private mutating func readMore() throws(SystemError) -> Bool {
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    let count = unsafe chunk.withUnsafeMutableBytes {
      unsafe recv(descriptor.raw, $0.baseAddress, $0.count, 0)
    }
    guard count >= 0 else {
      if errno == EAGAIN || errno == EINTR { return true }
      throw .last("read from the socket")
    }
    held += chunk[..<count]
    return count > 0
  }

  /// Sends all of it.
  package func send(
    _ bytes: [UInt8], until deadline: MonotonicTime, orSignal wakeup: Wakeup? = nil
  ) throws(SystemError) {
    var done = 0
    while done < bytes.count {
      let count = unsafe bytes.withUnsafeBytes {
        unsafe Glibc.send(
          descriptor.raw, $0.baseAddress.map { unsafe $0 + done }, bytes.count - done,
          Int32(MSG_NOSIGNAL))
      }
      if count >= 0 {
        done += count
      } else if errno == EAGAIN {
        try wait(for: POLLOUT, until: deadline, orSignal: wakeup)
      } else if errno != EINTR {
        throw .last("write to the socket")
      }
    }
  }

  private func wait(
    for events: Int32, until deadline: MonotonicTime, orSignal wakeup: Wakeup?
  ) throws(SystemError) {
    let left = deadline.since(SystemClock().now())
    guard left > .zero else { throw SystemError(code: ETIMEDOUT, operation: "wait for the socket") }
    var waited = [
      pollfd(fd: descriptor.raw, events: Int16(events), revents: 0),
      pollfd(fd: wakeup?.raw ?? -1, events: Int16(POLLIN), revents: 0),
    ]
    let milliseconds = Int32(clamping: left.milliseconds + 1)
    guard unsafe poll(&waited, 2, milliseconds) >= 0 || errno == EINTR else { throw .last("poll") }
    if waited[1].revents != 0 {
      throw SystemError(code: ECANCELED, operation: "wait for the socket")
    }
  }
}
