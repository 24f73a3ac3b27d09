/// The positions of all followed contents: how far each was read, and how far all that was read is on disk. Pure.
///
/// An offset is kept only when the events before it are fsynced in the ring: each read notes the ticket of the block that
/// holds its newest event, and becomes the kept place when that ticket is durable.
package struct FollowBook: Equatable, Sendable {
  /// By a number that is never used again while the agent runs.
  package private(set) var entries: [Int: FollowEntry] = [:]
  /// Patterns that were looked at before: what they find from then on is new, and is read from its beginning.
  package private(set) var knownPatterns: Set<String> = []
  /// There is something to save.
  package private(set) var isChanged = false

  private struct Pending: Equatable, Sendable {
    let ticket: UInt64
    let id: Int
    var mark: FollowMark
    var window: FollowPlace
    /// Of a gzip file that was read to its end.
    var packedBytes: UInt64?
  }
  /// Read and not durable yet, oldest first; one for each content and ticket.
  private var pending: [Pending] = []
  private var pendingFrom = 0
  /// Of these, the last of each content.
  private var newestPending: [Int: Pending] = [:]
  private var nextId = 1

  package init() {}

  package init(entries: [FollowEntry], knownPatterns: Set<String>) {
    self.knownPatterns = knownPatterns
    for entry in entries { _ = add(entry) }
    isChanged = false
  }

  package mutating func add(_ entry: FollowEntry) -> Int {
    let id = nextId
    nextId += 1
    entries[id] = entry
    isChanged = true
    return id
  }

  package mutating func change(_ id: Int, _ body: (inout FollowEntry) -> Void) {
    guard var entry = entries[id] else { return }
    body(&entry)
    guard entry != entries[id] else { return }
    entries[id] = entry
    isChanged = true
  }

  package mutating func noteKnown(_ pattern: String) {
    if knownPatterns.insert(pattern).inserted { isChanged = true }
  }

  /// A content was read up to `mark`; its events are in blocks up to `ticket`. `packedBytes`: that was the end of a gzip
  /// file of this size.
  package mutating func note(
    _ id: Int, _ mark: FollowMark, _ window: FollowPlace, ticket: UInt64,
    packedBytes: UInt64? = nil
  ) {
    invariant(
      pending.last.map { $0.ticket <= ticket } ?? true, "tickets of one intake never go back")
    // A content has at most one place in each block that is not durable.
    for index in pending[pendingFrom...].indices.reversed() {
      guard pending[index].ticket == ticket else { break }
      if pending[index].id == id {
        (pending[index].mark, pending[index].window) = (mark, window)
        pending[index].packedBytes = packedBytes
        newestPending[id] = pending[index]
        return
      }
    }
    let next = Pending(
      ticket: ticket, id: id, mark: mark, window: window, packedBytes: packedBytes)
    pending.append(next)
    newestPending[id] = next
  }

  /// All blocks up to this ticket are on disk.
  package mutating func becameDurable(_ ticket: UInt64) {
    while pendingFrom < pending.count, pending[pendingFrom].ticket <= ticket {
      let next = pending[pendingFrom]
      change(next.id) {
        ($0.mark, $0.window) = (next.mark, next.window)
        $0.packedBytes = next.packedBytes ?? $0.packedBytes
      }
      if newestPending[next.id]?.ticket == next.ticket { newestPending[next.id] = nil }
      pendingFrom += 1
    }
    if pendingFrom == pending.count || pendingFrom >= 256 {
      pending.removeFirst(pendingFrom)
      pendingFrom = 0
    }
  }

  /// Whether all that was read of a content is on disk.
  package func isSettled(_ id: Int) -> Bool { newestPending[id] == nil }

  /// Contents that were read of the file of this identity, gone ones too: the one that was read furthest first.
  package func contents(of identity: FollowIdentity, isPacked: Bool) -> [Int] {
    entries.compactMap { id, entry -> (Int, UInt64)? in
      guard entry.identity == identity, entry.isPacked == isPacked,
        let newest = newest(id)?.mark
      else { return nil }
      return (id, newest.offsetBytes)
    }.sorted { ($0.1, $0.0) > ($1.1, $1.0) }.map(\.0)
  }

  /// How far a content was read, durable or not.
  package func newest(_ id: Int) -> (mark: FollowMark, window: FollowPlace)? {
    if let last = newestPending[id] { return (last.mark, last.window) }
    return entries[id].map { ($0.mark, $0.window) }
  }

  package mutating func setGone(_ id: Int, at wallMilliseconds: Int64) {
    change(id) { $0.goneMilliseconds = $0.goneMilliseconds ?? wallMilliseconds }
  }

  /// Drops what has been gone for `span`, what nothing was read of, and the oldest beyond `countMax`.
  package mutating func forget(after span: Duration, countMax: Int, at wallMilliseconds: Int64) {
    let gone = entries.compactMap { id, entry in
      newestPending[id] != nil ? nil : entry.goneMilliseconds.map { (id: id, at: $0) }
    }.sorted { ($0.at, $0.id) < ($1.at, $1.id) }
    for (index, one) in gone.enumerated() {
      let isTooMany = gone.count - index > countMax
      let isOld = wallMilliseconds - one.at >= span.milliseconds
      if isTooMany || isOld || entries[one.id]?.mark.isEmpty == true {
        entries[one.id] = nil
        isChanged = true
      }
    }
  }

  /// Contents that a file called `name` may be a copy of: the one that was read furthest first.
  package func originals(of name: String) -> [Int] {
    entries.keys.compactMap { id -> (Int, UInt64)? in
      guard let entry = entries[id], let newest = newest(id)?.mark, !newest.isEmpty,
        newest.headBytes > 0, FollowNames.isRotated(name, of: entry.birthName)
      else { return nil }
      return (id, newest.offsetBytes)
    }.sorted { ($0.1, $0.0) > ($1.1, $1.0) }.map(\.0)
  }

  package mutating func wasSaved() { isChanged = false }
}
