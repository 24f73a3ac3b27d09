import Glibc

/// What a system call refused, with its errno.
package struct SystemError: Error, Equatable, CustomStringConvertible {
  /// The errno value.
  package let code: Int32
  /// What was tried, e.g. "open /var/lib/sheepshipper/ring".
  package let operation: String

  package init(code: Int32, operation: String) {
    self.code = code
    self.operation = operation
  }

  /// The error of the call that just failed; read before anything else runs.
  package static func last(_ operation: @autoclosure () -> String) -> SystemError {
    let code = errno
    return SystemError(code: code, operation: operation())
  }

  package var description: String { "\(operation): \(Self.text(of: code))" }

  /// The text of an errno value, e.g. "No space left on device".
  package static func text(of code: Int32) -> String {
    unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
      guard let start = buffer.baseAddress, unsafe strerror_r(code, start, 256) == 0 else {
        return "error \(code)"
      }
      return unsafe String(cString: start)
    }
  }

  package static let noEntry = ENOENT
  package static let notADirectory = ENOTDIR
  package static let exists = EEXIST
  package static let inUse = EADDRINUSE
  /// Nobody listens there.
  package static let refused = ECONNREFUSED
  package static let timedOut = ETIMEDOUT
  package static let tooLong = EMSGSIZE
  package static let again = EAGAIN
  package static let interrupted = EINTR
  package static let inputOutput = EIO
  package static let noSpace = ENOSPC
  /// The user's share of the disk is spent.
  package static let quota = EDQUOT
  /// The file system knows no such call.
  package static let notSupported = EOPNOTSUPP
  package static let cancelled = ECANCELED
  package static let aborted = ECONNABORTED
  package static let notPermitted = EACCES
  /// What a path named is not what it names now.
  package static let stale = ESTALE
}
