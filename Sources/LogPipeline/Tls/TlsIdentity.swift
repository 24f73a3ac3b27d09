import Synchronization

/// The certificate the inputs show, renewed when its files change: new connections get the new one, those that are open
/// keep theirs. A new file that can not be used leaves the old certificate in use. Safe from any thread.
package final class TlsIdentity: Sendable {
  /// What tells that a file is another one, or was written.
  private struct Mark: Equatable {
    let device: UInt64
    let inode: UInt64
    let sizeBytes: UInt64
    let modifiedSeconds: Int64
    let modifiedNanoseconds: Int64
  }
  private struct State {
    var credentials: TlsCredentials
    /// As they were when they were last read, well or not.
    var tried: [Mark?]
    var seen: [Mark?]
    var trouble: String?
    var renewals: UInt64 = 0
    var renewalsFailed: UInt64 = 0
    var troubleTold: MonotonicTime?
    var endTold: MonotonicTime?
  }

  let settings: TlsSettings
  private let clock: any Clock
  private let state: Mutex<State>

  /// Below so much, its end is told of; of a short-lived certificate below a third of its time.
  static let endNearSeconds: Int64 = 14 * 86_400
  /// Whether a certificate with so much left of all its time is to be renewed.
  package static func isEndNear(secondsLeft: Int64, lifetime: Int64) -> Bool {
    secondsLeft < min(endNearSeconds, lifetime / 3)
  }

  /// Why these files can not be used; nil: they can.
  package static func fault(of settings: TlsSettings) -> String? {
    do throws(TlsError) {
      _ = try TlsCredentials(settings)
      return nil
    } catch { return error.fault }
  }

  private static let reminder: Duration = .seconds(3600)
  private static let endReminder: Duration = .seconds(86_400)

  /// Reads the files.
  package init(_ settings: TlsSettings, clock: any Clock) throws(TlsError) {
    self.settings = settings
    self.clock = clock
    let marks = Self.marks(of: settings)
    let credentials = try TlsCredentials(settings)
    state = Mutex(State(credentials: credentials, tried: marks, seen: marks))
    Log.info(
      "TLS certificate of the inputs.", ("subject", credentials.subject),
      ("until", UtcTime(milliseconds: credentials.endSeconds &* 1000).text))
    warnOfLooseKey()
    tellEnd()
  }

  /// For the next connection.
  var current: TlsCredentials { state.withLock { $0.credentials } }

  /// Looks whether the files have changed, and takes them. Call it once a second from one thread, and not from an
  /// intake's: it reads from disk.
  package func look() {
    let marks = Self.marks(of: settings)
    let isDue = state.withLock { state in
      // Certificate and key are two files: they are read once both have stood still for a look.
      let isSettled = marks == state.seen
      state.seen = marks
      return isSettled && marks != state.tried
    }
    if isDue { renew(marks) }
    remind()
    tellEnd()
  }

  package var snapshot: TlsSnapshot {
    let now = clock.wallMilliseconds() / 1000
    return state.withLock { state in
      TlsSnapshot(
        subject: state.credentials.subject,
        secondsLeft: state.credentials.endSeconds - now, renewals: state.renewals,
        renewalsFailed: state.renewalsFailed, trouble: state.trouble)
    }
  }

  private func renew(_ marks: [Mark?]) {
    do throws(TlsError) {
      let fresh = try TlsCredentials(settings)
      state.withLock { state in
        state.credentials = fresh
        state.tried = marks
        state.trouble = nil
        state.renewals += 1
        state.endTold = nil
      }
      Log.info(
        "The renewed TLS certificate is used from the next connection on.",
        ("subject", fresh.subject),
        ("until", UtcTime(milliseconds: fresh.endSeconds &* 1000).text))
      warnOfLooseKey()
    } catch {
      state.withLock { state in
        state.tried = marks
        state.trouble = error.fault
        state.renewalsFailed += 1
        state.troubleTold = nil
      }
    }
  }

  /// While the newest files can not be used, that is said again and again.
  private func remind() {
    let now = clock.now()
    let (trouble, end) = state.withLock { state -> (String?, Int64) in
      if let told = state.troubleTold, now.since(told) < Self.reminder { return (nil, 0) }
      if state.trouble != nil { state.troubleTold = now }
      return (state.trouble, state.credentials.endSeconds)
    }
    guard let trouble else { return }
    Log.error(
      "The TLS files have changed and can not be used; the certificate from before stays in use. \(trouble)",
      ("until", UtcTime(milliseconds: end &* 1000).text))
  }

  private func tellEnd() {
    let now = clock.now()
    let wall = clock.wallMilliseconds() / 1000
    let left = state.withLock { state -> Int64? in
      let left = state.credentials.endSeconds - wall
      let isNear = Self.isEndNear(
        secondsLeft: left, lifetime: state.credentials.lifetimeSeconds)
      let pause = left <= 0 ? Self.reminder : Self.endReminder
      if !isNear || state.endTold.map({ now.since($0) < pause }) ?? false { return nil }
      state.endTold = now
      return left
    }
    guard let left else { return }
    let files = "Put a new one into \(settings.certificateFile); it is taken without a restart."
    if left <= 0 {
      Log.error("The TLS certificate of the inputs has ended: senders turn away from it. \(files)")
    } else {
      Log.warning(
        "The TLS certificate of the inputs ends soon. \(files)", ("days", "\(left / 86_400)"))
    }
  }

  private func warnOfLooseKey() {
    guard let status = try? FileSystem.status(of: settings.keyFile) else { return }
    // A group may read it, as Debian's ssl-cert does.
    guard status.mode & 0o027 != 0 else { return }
    Log.warning(
      "Others than the agent can read or change the TLS key. Take that from them: chmod 600.",
      ("file", settings.keyFile), ("mode", String(status.mode, radix: 8)))
  }

  private static func marks(of settings: TlsSettings) -> [Mark?] {
    settings.files.map { file in
      (try? FileSystem.status(of: file.path)).map {
        Mark(
          device: $0.device, inode: $0.inode, sizeBytes: $0.sizeBytes,
          modifiedSeconds: $0.modifiedSeconds, modifiedNanoseconds: $0.modifiedNanoseconds)
      }
    }
  }
}
