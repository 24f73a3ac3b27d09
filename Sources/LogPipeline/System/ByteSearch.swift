import CLinux
import Glibc

/// The C library's vectorised searches over bytes.
package enum ByteSearch {
  /// The offset of the first `byte`.
  package static func first(_ byte: UInt8, in bytes: UnsafeRawBufferPointer) -> Int? {
    guard let base = bytes.baseAddress, let found = unsafe memchr(base, Int32(byte), bytes.count)
    else { return nil }
    return unsafe UnsafeRawPointer(found) - base
  }

  /// The offset of the last `byte`.
  package static func last(_ byte: UInt8, in bytes: UnsafeRawBufferPointer) -> Int? {
    guard let base = bytes.baseAddress,
      let found = unsafe clinux_find_last(base, Int32(byte), bytes.count)
    else { return nil }
    return unsafe found - base
  }
}
