import Glibc

/// Standard output and error, unbuffered: one call, one write.
package enum StandardStreams {
  /// False: nobody reads it any more.
  @discardableResult
  package static func write(_ text: String) -> Bool { write(text, to: 1) }
  package static func writeError(_ text: String) { _ = write(text, to: 2) }

  private static func write(_ text: String, to descriptor: Int32) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
      var done = 0
      while done < bytes.count {
        let count = unsafe Glibc.write(
          descriptor, bytes.baseAddress.map { unsafe $0 + done }, bytes.count - done)
        if count > 0 { done += count } else if errno != EINTR { return false }
      }
      return true
    }
  }
}
