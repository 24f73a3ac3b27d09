import Synchronization

/// How far each sender's messages are on disk, so that one that connects again can be told. In memory: after a restart
/// nothing is known, and the sender sends again what was not acknowledged. Any thread.
package final class WebSocketSenders: Sendable {
  /// Senders of different teams are different, whatever they call themselves.
  package struct Name: Hashable, Sendable {
    package let team: String?
    package let sender: String

    package init(team: String?, sender: String) { (self.team, self.sender) = (team, sender) }
  }

  private struct Entry: Sendable {
    var last: UInt64
    var since: MonotonicTime
  }

  private let entries = Mutex<[Name: Entry]>([:])
  private let countMax: Int
  private let kept: Duration

  package init(countMax: Int, kept: Duration) { (self.countMax, self.kept) = (countMax, kept) }

  /// The last message that is on disk with all before it; nil when nothing is known.
  package func last(of name: Name, at now: MonotonicTime) -> UInt64? {
    entries.withLock { entries in
      guard let entry = entries[name], now.since(entry.since) <= kept else { return nil }
      return entry.last
    }
  }

  /// Messages up to this one are on disk.
  package func note(_ last: UInt64, of name: Name, at now: MonotonicTime) {
    entries.withLock { entries in
      if entries[name] == nil, entries.count >= countMax,
        let oldest = entries.min(by: { $0.value.since < $1.value.since })
      {
        entries[oldest.key] = nil
      }
      entries[name] = Entry(last: last, since: now)
    }
  }

  /// The sender will send this message next, so it does not count on having sent it: a sender that begins to count
  /// anew must not be told that messages of its earlier life are on disk.
  package func begin(_ name: Name, from next: UInt64) {
    entries.withLock { entries in
      guard let entry = entries[name], entry.last >= next else { return }
      entries[name]?.last = next - 1
    }
  }
}
