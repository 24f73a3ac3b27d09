import LogPipeline

/// One request as ``BulkServer`` reads it.
struct BulkServerRequest {
  let method: String
  let path: String
  /// The body, without its gzip.
  let content: [UInt8]
}

/// Cuts a connection into requests.
struct BulkServerRequestReader {
  private var buffer: [UInt8] = []

  /// nil: the client has gone, or what it sent is no request.
  mutating func next(_ connection: borrowing FileDescriptor) -> BulkServerRequest? {
    let end = Array("\r\n\r\n".utf8)
    var found = buffer.firstRange(of: end)
    while found == nil {
      guard readMore(connection) else { return nil }
      found = buffer.firstRange(of: end)
    }
    guard let found else { return nil }
    let head = String(decoding: buffer[..<found.lowerBound], as: UTF8.self).lowercased()
    let length =
      head.split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
      .flatMap { Int($0.dropFirst(15).drop { $0 == " " }) } ?? 0
    while buffer.count < found.upperBound + length {
      guard readMore(connection) else { return nil }
    }
    let body = Array(buffer[found.upperBound..<found.upperBound + length])
    let first = head.split(separator: "\r\n")[0].split(separator: " ")
    buffer.removeFirst(found.upperBound + length)
    guard first.count > 1 else { return nil }
    let content = head.contains("content-encoding: gzip") ? Gzip.inflate(body) : body
    return BulkServerRequest(
      method: first[0].uppercased(), path: String(first[1]), content: content)
  }

  /// False when nothing more comes.
  mutating func readMore(_ connection: borrowing FileDescriptor) -> Bool {
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    let count = unsafe chunk.withUnsafeMutableBytes {
      (try? unsafe connection.read(into: $0)) ?? 0
    }
    buffer += chunk[..<count]
    return count > 0
  }
}
