/// The demo's sender: a relay that talks to the agent's own ports.
enum DemoSender {
  /// JSON lines over TCP; returns when the agent has read them all.
  static func sendLines(_ lines: [UInt8], toPort port: UInt16) throws {
    let connection = try TcpClient(port: port)
    try connection.send(lines)
    connection.finishSending()
    // The agent closes after the last byte was read.
    while try !connection.receive().isEmpty {}
  }

  /// One body to the webhook; returns when it was answered 200, which means: on disk.
  static func post(_ body: [UInt8], toPort port: UInt16) throws {
    let connection = try TcpClient(port: port)
    let head =
      "POST /v1/events HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nContent-Type: application/json\r\n"
      + "Content-Length: \(body.count)\r\nConnection: close\r\n\r\n"
    try connection.send(Array(head.utf8) + body)
    let answer = String(decoding: try connection.receiveAll(), as: UTF8.self)
    guard answer.hasPrefix("HTTP/1.1 200") else {
      throw AgentError("The demo's webhook answered: \(answer.prefix { $0 != "\r\n" })")
    }
  }
}
