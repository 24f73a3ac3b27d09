import Glibc
import LogPipeline

/// What a service manager hears: a datagram socket in a folder.
package final class NotifySocket {
  package let path: String
  private let descriptor: Int32

  package struct NotMade: Error {}

  package init(in folder: String) throws {
    path = "\(folder)/notify"
    descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    guard path.utf8.count < 100 else { throw NotMade() }
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
    let bound = unsafe withUnsafePointer(to: &address) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard bound == 0 else { throw NotMade() }
  }

  deinit { close(descriptor) }

  /// All that has come, in order; waits for a message with `text` in it, a minute at most.
  package func messages(until text: String) -> [String] {
    var found: [String] = []
    let deadline = SystemClock().now() + .seconds(60)
    while SystemClock().now() < deadline, !found.contains(where: { $0.contains(text) }) {
      var buffer = [UInt8](repeating: 0, count: 4096)
      let count = unsafe recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
      if count >= 0 {
        found.append(String(decoding: buffer[..<count], as: UTF8.self))
      } else {
        PosixThread.sleep(.milliseconds(10))
      }
    }
    return found
  }
}
