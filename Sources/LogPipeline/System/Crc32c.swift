import CLinux

/// CRC32C (Castagnoli), by the processor's instruction where it has one.
package enum Crc32c {
  package static func of(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    unsafe clinux_crc32c(0, bytes.baseAddress, bytes.count)
  }

  package static func of(_ bytes: [UInt8]) -> UInt32 {
    unsafe bytes.withUnsafeBytes { unsafe of($0) }
  }

  package static func of(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    unsafe bytes.withUnsafeBytes { unsafe of($0) }
  }

  /// By table, as on processors without the instruction; for tests.
  package static func portable(_ bytes: [UInt8]) -> UInt32 {
    unsafe bytes.withUnsafeBytes { unsafe clinux_crc32c_portable(0, $0.baseAddress, $0.count) }
  }
}
