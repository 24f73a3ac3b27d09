import Synchronization

/// Sees when the ring's path stops naming the file that the agent holds: removed, or another put in its place.
///
/// The agent goes on with its own file and touches no other, but a restart would not find what it took in.
final class RingFileWatch: Sendable {
  private struct File: Equatable {
    let device: UInt64
    let inode: UInt64
  }
  private let path: String
  private let own: File?
  private let isTold = Mutex(false)

  /// Right after the ring was opened.
  init(path: String) {
    self.path = path
    own = Self.file(at: path)
  }

  /// What is wrong now; nil: nothing. The first time it is logged too.
  func look() -> String? {
    guard let own else { return nil }
    let found = Self.file(at: path)
    let fault: String? =
      found == own
      ? nil
      : "the ring's file at \(path) was \(found == nil ? "removed" : "replaced by another") while it was in use"
    let isNews = isTold.withLock { isTold in
      defer { isTold = fault != nil }
      return fault != nil && !isTold
    }
    if isNews {
      Log.error(
        "The ring's path does not name the file in use any more. This agent goes on with its own file and touches no other: what it holds is delivered, but a restart would not find it. Stop the senders, wait until nothing is waiting, then restart; or put the file back.",
        ("path", path), ("found", found == nil ? "nothing" : "another file"))
    }
    return fault
  }

  private static func file(at path: String) -> File? {
    (try? FileSystem.status(of: path)).map { File(device: $0.device, inode: $0.inode) }
  }
}
