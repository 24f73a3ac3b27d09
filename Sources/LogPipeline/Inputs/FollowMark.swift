import CXxhash

/// A place in a file's content where a line ends, and how the content before it can be known again.
///
/// It fits a content whose first bytes and whose last bytes before the place are these: whatever the file is called
/// now, and also when it is a copy, or gzip of one.
package struct FollowMark: Equatable, Sendable {
  package static let headBytesMax = 1024
  package static let tailBytesMax = 256

  /// Zeros before it are no content: a writer that goes on at its old place leaves them after a truncation.
  package var baseBytes: UInt64 = 0
  package var offsetBytes: UInt64 = 0
  /// Lines before it, blank ones too.
  package var lines: UInt64 = 0
  /// Lines that are not blank.
  package var frames: UInt64 = 0
  /// Of the `headBytes` bytes from the base on.
  package var headHash: UInt64 = 0
  package var headBytes = 0
  /// Of the `tailBytes` bytes before the offset; none are known behind a line that was too long.
  package var tailHash: UInt64 = 0
  package var tailBytes = 0

  package init() {}

  /// Nothing of the content was passed.
  package var isEmpty: Bool { offsetBytes == baseBytes }

  /// Whether it is a place of the content that `bytes` reads: at an offset, so many bytes, or fewer at the end.
  package func fits<Failure: Error>(
    _ sizeBytes: UInt64, _ bytes: (UInt64, Int) throws(Failure) -> [UInt8]
  ) throws(Failure) -> Bool {
    guard sizeBytes >= offsetBytes else { return false }
    let head = try bytes(baseBytes, headBytes)
    guard head.count == headBytes, Self.hash(head) == headHash else { return false }
    let tail = try bytes(offsetBytes - UInt64(tailBytes), tailBytes)
    return tail.count == tailBytes && Self.hash(tail) == tailHash
  }

  package static func hash(_ bytes: some Collection<UInt8>) -> UInt64 {
    let bytes = Array(bytes)
    return unsafe cxxhash_128(bytes, bytes.count, 0).low64
  }
}
