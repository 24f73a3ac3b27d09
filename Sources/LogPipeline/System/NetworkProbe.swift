import CLinux
import Glibc

/// Asks the network what a diagnosis wants to know. Nothing is sent.
package enum NetworkProbe {
  private static let addressesMax = 4096

  /// The addresses of a host's name, as text, in the order in which they are tried.
  ///
  /// - Throws: why there are none: the resolver's words, or that it did not answer in time.
  package static func addresses(
    of host: String, within limit: Duration
  ) throws(SystemError) -> [String] {
    // The resolver has time limits of its own, and knows no other way than to block.
    let answers = Mailbox<Result<[String], SystemError>>(capacity: 1)
    _ = try PosixThread("resolver") { _ = answers.offer(resolve(host)) }
    guard let answer = answers.take(until: SystemClock().now() + limit) else {
      throw SystemError(code: ETIMEDOUT, operation: "no name server answers")
    }
    return try answer.get()
  }

  private static func resolve(_ host: String) -> Result<[String], SystemError> {
    var text = [CChar](repeating: 0, count: addressesMax)
    let status = unsafe clinux_resolve_all(host, &text, text.count)
    guard status == 0 else {
      let words = unsafe String(cString: clinux_resolve_message(status))
      return .failure(SystemError(code: ENOENT, operation: words))
    }
    let all = String(
      decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return .success(all.split(separator: "\n").map(String.init))
  }

  /// Connects to an address and closes again. nil: somebody listens there; else why not.
  package static func connect(
    to address: String, port: UInt16, within limit: Duration
  ) -> SystemError? {
    let code = unsafe clinux_try_connect(
      address, "\(port)", Int32(clamping: limit.milliseconds))
    guard code != 0 else { return nil }
    return SystemError(code: code, operation: "connect to \(address) port \(port)")
  }

  /// 4 or 16 bytes; empty when it is no address.
  package static func bytes(ofAddress address: String) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 16)
    let count = unsafe clinux_address_bytes(address, &bytes)
    return Array(bytes[..<Int(count)])
  }
}
