import Synchronization

/// How far each sender's messages are on disk, so that one that connects again can be told, on whichever intake. In
/// memory: after a restart nothing is known, and the sender sends again what was not acknowledged. Any thread.
package final class WebSocketSenders: Sendable {
  /// Senders of different teams are different, whatever they call themselves.
  package struct Name: Hashable, Sendable {
    package let team: String?
    package let sender: String

    package init(team: String?, sender: String) { (self.team, self.sender) = (team, sender) }
  }

  /// One stream of a sender. The newest speaks for it: what is noted for an older one counts no more.
  package struct Claim: Hashable, Sendable {
    package let name: Name
    fileprivate let number: UInt64
  }

  /// What a stream begins with.
  package struct Beginning: Sendable {
    package let claim: Claim
    /// The last message that is on disk with all before it; nil when nothing is known.
    package let last: UInt64?
    /// The number of its first message.
    package let next: UInt64
  }

  private struct Entry: Sendable {
    var last: UInt64
    var since: MonotonicTime
  }
  private struct Speaker: Sendable {
    let claim: Claim
    let onReplaced: @Sendable (Claim) -> Void
  }
  private struct State: Sendable {
    var entries: [Name: Entry] = [:]
    /// As many as there are open streams, and ended ones whose messages wait for the disk.
    var speakers: [Name: Speaker] = [:]
    var claims: UInt64 = 0
  }

  private let state = Mutex(State())
  private let countMax: Int
  private let kept: Duration

  package init(countMax: Int, kept: Duration) { (self.countMax, self.kept) = (countMax, kept) }

  /// A stream of this sender begins, with the message `from`, or behind what is known.
  ///
  /// Who spoke for it until now is told by its own `onReplaced`, and counts no more. A sender that begins to count anew
  /// is not told that messages of its earlier life are on disk: what is known is lowered to what it will send next.
  package func begin(
    _ name: Name, from: UInt64?, at now: MonotonicTime,
    onReplaced: @escaping @Sendable (Claim) -> Void
  ) -> Beginning {
    let (beginning, older) = state.withLock { state -> (Beginning, Speaker?) in
      let last = known(name, &state, now)
      let next = from ?? last.map { $0 + 1 } ?? 1
      if let entry = state.entries[name], entry.last >= next {
        state.entries[name]?.last = next - 1
      }
      state.claims += 1
      let claim = Claim(name: name, number: state.claims)
      let older = state.speakers.updateValue(
        Speaker(claim: claim, onReplaced: onReplaced), forKey: name)
      return (Beginning(claim: claim, last: last, next: next), older)
    }
    if let older { older.onReplaced(older.claim) }
    return beginning
  }

  /// The last message that is on disk with all before it; nil when nothing is known.
  package func last(of name: Name, at now: MonotonicTime) -> UInt64? {
    state.withLock { known(name, &$0, now) }
  }

  /// Messages of this stream up to this one are on disk.
  package func note(_ last: UInt64, by claim: Claim, at now: MonotonicTime) {
    state.withLock { state in
      guard state.speakers[claim.name]?.claim == claim else { return }
      if state.entries[claim.name] == nil, state.entries.count >= countMax,
        let oldest = state.entries.min(by: { $0.value.since < $1.value.since })
      {
        state.entries[oldest.key] = nil
      }
      state.entries[claim.name] = Entry(last: last, since: now)
    }
  }

  /// The stream has ended, and nothing more is noted for it.
  package func release(_ claim: Claim) {
    state.withLock { state in
      if state.speakers[claim.name]?.claim == claim { state.speakers[claim.name] = nil }
    }
  }

  private func known(_ name: Name, _ state: inout State, _ now: MonotonicTime) -> UInt64? {
    guard let entry = state.entries[name], now.since(entry.since) <= kept else { return nil }
    return entry.last
  }
}
