import CTestTls
import LogPipeline

/// A blocking TLS connection to a port of this machine.
@safe package final class TlsClient {
  package struct HandshakeFailed: Error, CustomStringConvertible {
    /// GnuTLS's own.
    package let status: Int32
    package var description: String { "the handshake failed: GnuTLS answers \(status)" }
  }

  private let socket: FileDescriptor
  private let client: OpaquePointer

  /// Connects and shakes hands: with a certificate of its own if it has one, trusting everybody unless told whom, and
  /// with priorities as GnuTLS takes them.
  package init(
    port: UInt16, identity: TestCertificates.Files? = nil, trusting authority: String? = nil,
    priorities: String = "NORMAL"
  ) throws {
    socket = try TcpClient(port: port).intoSocket()
    var failure: Int32 = 0
    let made = unsafe ctesttls_connect(
      socket.raw, priorities, identity?.certificate, identity?.key, authority, &failure)
    guard let made = unsafe made else { throw HandshakeFailed(status: failure) }
    unsafe client = made
  }

  deinit { unsafe ctesttls_free(client) }

  /// False when the connection is broken.
  @discardableResult
  package func send(_ bytes: [UInt8], recordBytes: Int = 16 << 10) -> Bool {
    unsafe bytes.withUnsafeBytes {
      unsafe ctesttls_send(client, $0.baseAddress, $0.count, recordBytes) != 0
    }
  }
  @discardableResult
  package func send(_ text: String, recordBytes: Int = 16 << 10) -> Bool {
    send(Array(text.utf8), recordBytes: recordBytes)
  }

  /// Bytes beside TLS, as a fault on the way would bring them.
  package func sendPast(_ bytes: [UInt8]) throws { try socket.write(bytes) }

  /// Says that nothing more comes (close_notify).
  package func finish() { unsafe ctesttls_finish(client) }

  /// Ends the connection's sending side without a word of TLS.
  package func endWithoutNotice() { TcpSocket.finishSending(socket.raw) }

  /// A second handshake, or new keys in TLS 1.3; whether that was agreed to.
  package func renewKeys() -> Bool { unsafe ctesttls_renew_keys(client) != 0 }

  /// Everything until the server says that nothing more comes; nil: the connection broke before.
  package func receiveAll() -> String? {
    var all: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16 << 10)
    while true {
      let count = unsafe ctesttls_receive(client, &chunk, chunk.count)
      if count == 0 { return String(decoding: all, as: UTF8.self) }
      guard count > 0 else { return nil }
      all += chunk[..<count]
    }
  }

  /// One HTTP answer: what came until its body is whole.
  package func request(_ text: String) -> (status: Int, text: String)? {
    guard send(text) else { return nil }
    var all: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16 << 10)
    while true {
      let count = unsafe ctesttls_receive(client, &chunk, chunk.count)
      guard count > 0 else { return nil }
      all += chunk[..<count]
      let answer = String(decoding: all, as: UTF8.self)
      // Each of our answers is JSON with a line end behind it.
      if answer.contains("\r\n\r\n"), answer.hasSuffix("}\n") {
        let status = answer.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        return (status ?? 0, answer)
      }
    }
  }
}
