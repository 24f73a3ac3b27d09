/// A stream's messages that were read and not acknowledged yet, in their order.
///
/// Messages under one ticket become durable together, so they are one entry: there are no more entries than blocks that
/// wait for the disk.
package struct WebSocketAcks {
  private var waiting: [WebSocketAck] = []
  /// Durable, not told yet.
  private var ready: WebSocketAck?

  package init() {}

  /// Messages wait for the disk.
  package var isWaiting: Bool { !waiting.isEmpty }
  /// Messages are on disk and their client has not been told.
  package var isReady: Bool { ready != nil }

  package mutating func add(_ ack: WebSocketAck) {
    if let last = waiting.last, ack.ticket <= last.ticket {
      waiting[waiting.count - 1].add(ack)
    } else {
      waiting.append(ack)
    }
  }

  /// - Parameter durable: the newest ticket on disk.
  /// - Returns: the last message that is on disk with all before it, if there is a new one.
  package mutating func advance(to durable: UInt64) -> UInt64? {
    let done = waiting.prefix { $0.ticket <= durable }
    guard let last = done.last else { return nil }
    for ack in done {
      if ready == nil { ready = ack } else { ready?.add(ack) }
    }
    waiting.removeFirst(done.count)
    return last.sequence
  }

  /// What is to be told now.
  package mutating func takeReady() -> WebSocketAck? {
    defer { ready = nil }
    return ready
  }
}
