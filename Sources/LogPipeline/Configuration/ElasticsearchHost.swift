/// One address of Elasticsearch: scheme, host, port and an optional path before the API's own.
package struct ElasticsearchHost: Equatable, Sendable {
  /// Without a slash at the end: "https://es:9200".
  package let url: String
  package let isHttps: Bool
  /// Without port and brackets.
  package let host: String
  /// Whether it is this very machine.
  package var isLoopback: Bool { ListenAddress.isLoopback(host: host) }

  /// nil unless `text` is http(s)://host[:port][/path] without user, query and fragment.
  package init?(_ text: String) {
    guard !text.utf8.contains(where: { $0 <= 0x20 || $0 >= 0x7F || $0 == 0x22 || $0 == 0x5C })
    else { return nil }
    let rest: Substring
    if text.hasPrefix("https://") {
      (isHttps, rest) = (true, text.dropFirst(8))
    } else if text.hasPrefix("http://") {
      (isHttps, rest) = (false, text.dropFirst(7))
    } else {
      return nil
    }
    guard !rest.contains(where: { "@?#".contains($0) }) else { return nil }
    let authority = rest.prefix { $0 != "/" }
    guard let parts = ListenAddress.hostAndPort(authority, portIsOptional: true) else { return nil }
    host = parts.host
    var trimmed = text[...]
    while trimmed.hasSuffix("/") { trimmed.removeLast() }
    url = String(trimmed)
  }
}
