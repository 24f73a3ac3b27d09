/// Event streams over WebSocket, on the webhook's port; connections, rates and stalls have the webhook's limits.
package struct WebSocketConfiguration: Sendable {
  /// Where a stream is opened, by GET.
  package var path = "/v1/stream"
  /// A message, all its fragments together, in bytes. It is not kept whole: an event is taken when its end has come.
  package var messageBytesMax = 16 << 20
  /// A client silent for so long is pinged.
  package var pingInterval: Duration = .seconds(20)
  /// And closed when nothing comes for so long after that.
  package var pongTimeMax: Duration = .seconds(20)
  /// Acknowledgements of all streams go out at most this often.
  package var ackInterval: Duration = .milliseconds(5)
  /// How long a closed stream is listened to, so that its client can read what was said last.
  package var lingerMax: Duration = .seconds(2)
  /// How long a client may leave unread what is sent to it.
  package var unreadTimeMax: Duration = .seconds(20)
  /// Messages that wait to be sent; with more of them nothing is read.
  package var queuedMax = 16
  /// Senders whose last durable message is known, and for how long after it.
  package var sendersMax = 4096
  package var senderKept: Duration = .seconds(3600)

  package init() {}
}
