/// What became of a run of a stream's messages: said to the client once all of it is on disk.
package struct WebSocketAck: Equatable {
  /// A line that was not taken. Without its bytes: the client has them.
  package struct Refused: Equatable {
    package let sequence: UInt64
    package let line: UInt64
    package let reason: Refusal.Reason
    package let message: String

    package init(sequence: UInt64, line: UInt64, reason: Refusal.Reason, message: String) {
      self.sequence = sequence
      self.line = line
      self.reason = reason
      self.message = message
    }
  }

  /// The last of the messages.
  package private(set) var sequence: UInt64
  /// Whose durability covers all of them; 0: nothing of them is to be stored.
  package private(set) var ticket: UInt64
  package private(set) var accepted: UInt64
  package private(set) var refused: [Refused]
  package private(set) var refusedCount: UInt64

  init(sequence: UInt64, of body: WebhookBody) {
    self.init(
      sequence: sequence, ticket: body.ticket, accepted: body.acceptedCount,
      refused: body.refusals.map {
        Refused(sequence: sequence, line: $0.frame, reason: $0.reason, message: $0.message)
      }, refusedCount: body.refusedCount)
  }

  package init(
    sequence: UInt64, ticket: UInt64, accepted: UInt64, refused: [Refused] = [],
    refusedCount: UInt64 = 0
  ) {
    self.sequence = sequence
    self.ticket = ticket
    self.accepted = accepted
    self.refused = refused
    self.refusedCount = refusedCount
  }

  /// The messages after these.
  mutating func add(_ later: WebSocketAck) {
    sequence = later.sequence
    ticket = max(ticket, later.ticket)
    accepted += later.accepted
    refusedCount += later.refusedCount
    let room = WebhookAnswer.refusalsListedMax - refused.count
    refused.append(contentsOf: later.refused.prefix(max(0, room)))
  }

  /// `{"ack":n,"accepted":n,"refused":[...]}`, with `refused_count` when the list is cut.
  package var json: String {
    var text = "{\"ack\":\(sequence),\"accepted\":\(accepted),\"refused\":["
    text += refused.map { refusal in
      """
      {"sequence":\(refusal.sequence),"line":\(refusal.line),\
      "reason":\(JsonValue.quoted(refusal.reason.rawValue)),\
      "message":\(JsonValue.quoted(refusal.message))}
      """
    }.joined(separator: ",")
    text += "]"
    if refusedCount > UInt64(refused.count) { text += ",\"refused_count\":\(refusedCount)" }
    return text + "}"
  }
}
