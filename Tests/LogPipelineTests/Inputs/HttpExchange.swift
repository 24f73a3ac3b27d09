import LogPipeline

/// One row of the tables of odd and hostile requests: what is sent, and what must come of it.
struct HttpExchange: Sendable {
  enum End: Sendable, Equatable {
    /// The connection takes another request afterwards.
    case open
    /// It is ended by the server once the answers are read.
    case closed
    /// It is ended by the library, which could not read the request, after a page of its own.
    case page
  }

  let name: String
  /// Sent one after the other, each once the server had time to look at what came before.
  let pieces: [[UInt8]]
  /// The statuses, in order; none: the connection ends without an answer.
  let answers: [Int]
  let end: End
  var accepted: UInt64 = 0
  var refused: UInt64 = 0
  /// The reason that `webhook_faults` counts once.
  var fault: String?
  /// After the last piece the client sends no more, and still reads.
  var finishesSending = false

  init(
    _ name: String, _ pieces: [[UInt8]], _ answers: [Int], _ end: End = .open, accepted: UInt64 = 0,
    refused: UInt64 = 0, fault: String? = nil, finishesSending: Bool = false
  ) {
    (self.name, self.pieces, self.answers, self.end) = (name, pieces, answers, end)
    (self.accepted, self.refused, self.fault) = (accepted, refused, fault)
    self.finishesSending = finishesSending
  }

  /// Lines of a head with CRLF and the blank line, then the body.
  static func raw(_ lines: [String], _ body: String = "") -> [[UInt8]] {
    [Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8)]
  }

  static func text(_ text: String) -> [[UInt8]] { [Array(text.utf8)] }

  /// A whole request with its Content-Length.
  static func post(_ body: String, _ headers: [String] = []) -> [[UInt8]] {
    post(Array(body.utf8), headers)
  }

  static func post(_ body: [UInt8], _ headers: [String] = []) -> [[UInt8]] {
    let lines =
      ["POST /v1/events HTTP/1.1", "Host: x", "Content-Length: \(body.count)"] + headers
    return [Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body]
  }

  /// The same, a byte at a time.
  static func bytewise(_ pieces: [[UInt8]]) -> [[UInt8]] { pieces.flatMap { $0.map { [$0] } } }

  static func chunked(_ body: String, _ headers: [String] = []) -> [[UInt8]] {
    raw(["POST /v1/events HTTP/1.1", "Host: x", "Transfer-Encoding: chunked"] + headers, body)
  }
}
