/// Which `Host` headers the admin page answers to.
///
/// A web page the operator has open can point a name of its own at 127.0.0.1 (DNS rebinding) and read what we answer; the
/// browser then sends that name. So names are answered only when they are ours.
package struct HostCheck: Sendable {
  private let names: Set<String>
  private let takesAnyAddress: Bool

  /// - Parameters:
  ///   - listenHost: as configured, without port and brackets: "127.0.0.1", "::", "relay-01".
  ///   - alsoAllowed: further names under which the page is reached, e.g. of a container.
  package init(listenHost: String, alsoAllowed: [String] = []) {
    let listen = listenHost.lowercased()
    names = Set(["localhost", "127.0.0.1", "::1", listen] + alsoAllowed.map { $0.lowercased() })
    // Listening beyond loopback, it is asked by addresses we can not know; an address is no name that could be rebound.
    takesAnyAddress = !["localhost", "127.0.0.1", "::1"].contains(listen)
  }

  /// Whether a `Host` header, e.g. "localhost:9600" or "[::1]:9600", names this agent.
  package func allows(_ header: String) -> Bool {
    guard let host = Self.host(of: header)?.lowercased() else { return false }
    return names.contains(host) || (takesAnyAddress && Self.isAddress(host))
  }

  /// The header without port and brackets; nil when it is malformed.
  static func host(of header: String) -> String? {
    let host: Substring
    let rest: Substring
    if header.hasPrefix("[") {
      guard let close = header.firstIndex(of: "]") else { return nil }
      host = header[header.index(after: header.startIndex)..<close]
      rest = header[header.index(after: close)...]
    } else {
      let colon = header.firstIndex(of: ":") ?? header.endIndex
      (host, rest) = (header[..<colon], header[colon...])
    }
    let isPort = rest.isEmpty || (rest.hasPrefix(":") && rest.dropFirst().allSatisfy(\.isNumber))
    return host.isEmpty || !isPort ? nil : String(host)
  }

  /// Digits and dots, or what only IPv6 has: names never look so (a top-level domain is not all digits).
  static func isAddress(_ host: String) -> Bool {
    if host.contains(":") { return host.allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." } }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
  }
}
