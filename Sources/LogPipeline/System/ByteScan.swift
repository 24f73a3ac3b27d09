import CLinux
import Glibc

/// Searches in raw bytes by the C library's vector code.
package enum ByteScan {
  /// The first place of `byte`.
  package static func first(_ byte: UInt8, in bytes: UnsafeRawBufferPointer) -> Int? {
    guard let base = bytes.baseAddress,
      let found = unsafe memchr(base, Int32(byte), bytes.count)
    else { return nil }
    return unsafe UnsafeRawPointer(found) - base
  }

  /// The last place of `byte`.
  package static func last(_ byte: UInt8, in bytes: UnsafeRawBufferPointer) -> Int? {
    guard let base = bytes.baseAddress else { return nil }
    let at = unsafe clinux_find_last(base, bytes.count, byte)
    return at < 0 ? nil : at
  }

  /// The first place where `pattern` begins.
  package static func first(_ pattern: StaticString, in bytes: UnsafeRawBufferPointer) -> Int? {
    guard let base = bytes.baseAddress else { return nil }
    let at = unsafe clinux_find(
      base, bytes.count, pattern.utf8Start, pattern.utf8CodeUnitCount)
    return at < 0 ? nil : at
  }

  /// The first quote, backslash or line end from `start` on; the count of bytes when there is none.
  @inline(__always)
  package static func nextInString(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    guard let base = bytes.baseAddress else { return 0 }
    return unsafe clinux_json_in_string(
      base.assumingMemoryBound(to: UInt8.self), start, bytes.count)
  }

  /// The first quote, bracket or brace from `start` on; the count of bytes when there is none.
  @inline(__always)
  package static func nextBetweenStrings(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    guard let base = bytes.baseAddress else { return 0 }
    return unsafe clinux_json_between_strings(
      base.assumingMemoryBound(to: UInt8.self), start, bytes.count)
  }

  /// Whether `pattern` stands at `offset`.
  package static func stands(
    _ pattern: StaticString, at offset: Int, in bytes: UnsafeRawBufferPointer
  ) -> Bool {
    let count = pattern.utf8CodeUnitCount
    guard let base = bytes.baseAddress, offset >= 0, offset + count <= bytes.count else {
      return false
    }
    return unsafe memcmp(base + offset, pattern.utf8Start, count) == 0
  }
}

extension UInt8 {
  /// Space, tab, newline, carriage return.
  @inline(__always)
  var isJsonBlank: Bool { self == 0x20 || self == 0x0A || self == 0x0D || self == 0x09 }
}
