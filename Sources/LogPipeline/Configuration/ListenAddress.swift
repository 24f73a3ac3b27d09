/// Where a server listens: a host (name or address) and a port.
package struct ListenAddress: Equatable, Sendable, CustomStringConvertible {
  /// Without brackets: "127.0.0.1", "::1", "localhost".
  package let host: String
  /// 0: the system chooses a free one.
  package let port: UInt16

  package init(host: String, port: UInt16) {
    self.host = host
    self.port = port
  }

  /// nil unless `text` is host:port or [ipv6]:port. A port alone is refused: it does not say which networks may come in.
  package init?(_ text: String) {
    guard let parts = Self.hostAndPort(text[...], portIsOptional: false), let port = parts.port
    else { return nil }
    self.init(host: parts.host, port: port)
  }

  /// "127.0.0.1:5044" or "[::1]:5044".
  package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

  /// Whether only this machine can reach it.
  package var isLoopback: Bool { Self.isLoopback(host: host) }

  static func isLoopback(host: String) -> Bool {
    if host == "localhost" || host == "::1" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }

  static func hostAndPort(
    _ text: Substring, portIsOptional: Bool
  ) -> (host: String, port: UInt16?)? {
    let host: Substring
    var rest: Substring
    if text.hasPrefix("[") {
      guard let end = text.firstIndex(of: "]") else { return nil }
      host = text[text.index(after: text.startIndex)..<end]
      rest = text[text.index(after: end)...]
      guard host.contains(":"), host.utf8.allSatisfy(isIpv6Byte) else { return nil }
    } else {
      host = text.prefix { $0 != ":" }
      rest = text[host.endIndex...]
      guard !host.isEmpty, host.utf8.count <= 253, host.utf8.allSatisfy(isNameByte) else {
        return nil
      }
    }
    if rest.isEmpty { return portIsOptional ? (String(host), nil) : nil }
    guard rest.removeFirst() == ":", rest.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let port = UInt16(rest)
    else { return nil }
    return (String(host), port)
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
      UInt8(ascii: "_"):
      true
    default: false
    }
  }

  private static func isIpv6Byte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: ":"), UInt8(ascii: "."):
      true
    default: false
    }
  }
}
