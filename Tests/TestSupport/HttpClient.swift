package import LogPipeline

/// A plain HTTP/1.1 client for tests: one connection a request.
package struct HttpClient: Sendable {
  package let port: UInt16
  package var host: String { "127.0.0.1:\(port)" }

  package init(port: UInt16) { self.port = port }

  /// Of an address like `http://127.0.0.1:9200`; nil when there is no port in it.
  package init?(url: String) {
    guard let last = url.split(separator: ":").last, let port = UInt16(last) else { return nil }
    self.port = port
  }

  package struct Answer: Sendable {
    package let status: Int
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]
    package var text: String { String(decoding: body, as: UTF8.self) }
    package func header(_ name: String) -> String? {
      headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
    package func json() throws -> JsonValue { try JsonValue.parse(body) }
  }

  package func get(_ path: String) throws -> Answer { try send("GET", path) }

  package func send(
    _ method: String, _ path: String, headers: [(String, String)] = [], body: [UInt8]? = nil
  ) throws -> Answer {
    let connection = try TcpClient(port: port, timeoutSeconds: 120)
    var head = "\(method) \(path) HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n"
    for (name, value) in headers { head += "\(name): \(value)\r\n" }
    if let body { head += "Content-Length: \(body.count)\r\n" }
    try connection.send(Array((head + "\r\n").utf8) + (body ?? []))
    return try Self.parse(try connection.receiveAll())
  }

  package func send(_ method: String, _ path: String, json: String) throws -> Answer {
    try send(
      method, path, headers: [("Content-Type", "application/json")], body: Array(json.utf8))
  }

  package enum Failure: Error { case unreadable(String) }

  /// An answer as received: status line, headers, and a body with a length, in chunks, or up to the end.
  package static func parse(_ bytes: [UInt8]) throws -> Answer {
    guard let headEnd = range(of: Array("\r\n\r\n".utf8), in: bytes, from: 0) else {
      throw Failure.unreadable(String(decoding: bytes.prefix(200), as: UTF8.self))
    }
    let lines = String(decoding: bytes[..<headEnd], as: UTF8.self).split(separator: "\r\n")
    guard let first = lines.first,
      let status = Int(first.split(separator: " ").dropFirst().first ?? "")
    else { throw Failure.unreadable("no status line") }
    let headers = lines.dropFirst().compactMap { line -> (name: String, value: String)? in
      guard let colon = line.firstIndex(of: ":") else { return nil }
      let value = line[line.index(after: colon)...].drop { $0 == " " }
      return (String(line[..<colon]), String(value))
    }
    var body = Array(bytes[(headEnd + 4)...])
    if headers.contains(where: {
      $0.name.lowercased() == "transfer-encoding" && $0.value.lowercased() == "chunked"
    }) {
      body = joinedChunks(body)
    }
    return Answer(status: status, headers: headers, body: body)
  }

  private static func joinedChunks(_ bytes: [UInt8]) -> [UInt8] {
    var whole: [UInt8] = []
    var at = 0
    while let lineEnd = range(of: [13, 10], in: bytes, from: at) {
      let digits = String(decoding: bytes[at..<lineEnd], as: UTF8.self).split(separator: ";")[0]
      guard let size = Int(digits, radix: 16), size > 0 else { break }
      let start = lineEnd + 2
      whole += bytes[start..<min(bytes.count, start + size)]
      at = start + size + 2
    }
    return whole
  }

  private static func range(of needle: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
    var at = start
    while at + needle.count <= bytes.count {
      if bytes[at] == needle[0], bytes[at..<at + needle.count].elementsEqual(needle) { return at }
      at += 1
    }
    return nil
  }
}
