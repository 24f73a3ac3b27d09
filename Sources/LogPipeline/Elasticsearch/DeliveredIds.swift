import Synchronization

/// Remembers which events are in their indices, by the day of the index: 8 bytes of each id, appended to
/// `delivered/2026.11.21` in the state directory. `verify` compares them with what the index holds.
///
/// An event is written here when Elasticsearch has said of it 2xx or a believed 409, before the ring hears of it: no kill
/// comes between. What the ring has forgotten in a crash is delivered and written again; as a set nothing changes. It is
/// synced once a second, not each time: a power cut can cost the last second's entries, which then count as another
/// agent's. Safe from any thread and for several processes.
package final class DeliveredIds: Sendable {
  static let entryBytes = 8
  private struct State {
    var unrecorded: UInt64 = 0
    var lastTold: MonotonicTime?
    var removedOn: Int64?
    /// Files with entries that are in memory only.
    var unsynced: Set<String> = []
    var syncDue = MonotonicTime(nanoseconds: 0)
  }
  package let folder: String
  private let keep: Duration
  private let clock: any Clock
  private let state = Mutex(State())

  /// - Parameters:
  ///   - stateDirectory: it is there; the folder in it is made with the first event.
  ///   - keep: how long a day's file stays after its last event.
  ///   - clock: for that.
  package init(stateDirectory: String, keep: Duration, clock: any Clock = SystemClock()) {
    folder = Self.folder(in: stateDirectory)
    (self.keep, self.clock) = (keep, clock)
  }

  package static func folder(in stateDirectory: String) -> String { "\(stateDirectory)/delivered" }

  /// Of a day (days since 1970).
  package static func path(of day: Int32, in folder: String) -> String {
    let (year, month, dayOfMonth) = UtcTime.civil(fromDays: Int(day))
    return
      "\(folder)/\(UtcTime.padded(year, 4)).\(UtcTime.padded(month, 2)).\(UtcTime.padded(dayOfMonth, 2))"
  }

  /// Events that did not get into their file: the disk was full or failed. Delivery goes on all the same.
  package var unrecordedCount: UInt64 { state.withLock { $0.unrecorded } }

  /// All of it outlives this process when this returns, or is counted as unrecorded.
  package func write(_ batch: DeliveredBatch) {
    for (day, fingerprints) in batch.days {
      do throws(SystemError) { try append(fingerprints, to: Self.path(of: day, in: folder)) } catch
      {
        note(failed: fingerprints.count, error)
      }
    }
    removeOldOnceADay()
  }

  private func append(_ fingerprints: [UInt64], to path: String) throws(SystemError) {
    if !FileSystem.exists(path) {
      try FileSystem.makeDirectories(folder)
      try FileSystem.syncDirectory(FileSystem.parent(of: folder))
    }
    let locked = try LockedFile(path, create: true)
    var size = try locked.sizeBytes()
    let torn = size % UInt64(Self.entryBytes)
    if torn != 0 {
      // A write that a full disk or a kill broke off: its events were not settled and come again.
      size -= torn
      try locked.file.truncate(to: size)
    }
    if size == 0 { try FileSystem.syncDirectory(folder) }
    let entries = fingerprints.map { $0.littleEndian }
    var failure: SystemError?
    unsafe entries.withUnsafeBytes { bytes in
      do throws(SystemError) { try unsafe locked.file.write(bytes) } catch { failure = error }
    }
    if let failure { throw failure }
    state.withLock { _ = $0.unsynced.insert(path) }
  }

  /// Makes what was written durable, once a second at the most: senders call it whenever they come round.
  package func syncIfDue(at now: MonotonicTime) {
    let due = state.withLock { state -> Set<String> in
      guard !state.unsynced.isEmpty, now >= state.syncDue else { return [] }
      state.syncDue = now + .seconds(1)
      defer { state.unsynced = [] }
      return state.unsynced
    }
    for path in due {
      do throws(SystemError) { try FileDescriptor(opening: path, .read).syncData() } catch {
        note(failed: 0, error)
      }
    }
  }

  private func note(failed events: Int, _ error: SystemError) {
    let now = clock.now()
    let isTold = state.withLock { state in
      state.unrecorded += UInt64(events)
      if let last = state.lastTold, now.since(last) < .seconds(300) { return false }
      state.lastTold = now
      return true
    }
    guard isTold else { return }
    Log.warning(
      "Which events were delivered can not be recorded; verify will count them as another's. Delivery goes on",
      ("folder", folder), ("reason", error.description))
  }

  private func removeOldOnceADay() {
    let wall = clock.wallMilliseconds()
    let today = wall / 86_400_000
    let isDue = state.withLock { state in
      guard state.removedOn != today else { return false }
      state.removedOn = today
      return true
    }
    guard isDue else { return }
    let oldest = (wall - keep.milliseconds) / 1000
    for name in (try? FileSystem.names(in: folder)) ?? [] {
      let path = "\(folder)/\(name)"
      guard let found = try? FileSystem.status(of: path), found.modifiedSeconds < oldest else {
        continue
      }
      // One that can not be removed now is tried again tomorrow.
      try? FileSystem.remove(path)
    }
  }
}
