import CIsal

/// Compresses with ISA-L at its level 1. To be made only where ``IsalLibrary`` is ready, or to try whether it is.
@safe struct IsalDeflater: ~Copyable {
  private let stream: OpaquePointer?

  init() {
    unsafe stream = cisal_stream_create()
    invariant(unsafe stream != nil, "there is memory for ISA-L's tables")
  }

  deinit { unsafe cisal_stream_free(stream) }

  /// Whether the library has written only where it may.
  var isIntact: Bool { unsafe cisal_stream_is_intact(stream) == 1 }

  /// What does not compress is stored in parts of at most 64 KiB with a head of 5 bytes each; the flush has as many.
  static func boundBytes(_ rawBytes: Int) -> Int { rawBytes + rawBytes >> 10 + 512 }

  /// One flushed piece in `room`, which holds ``boundBytes(_:)``. - Returns: its length; 0 when the library refused.
  func piece(of bytes: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer) -> Int {
    unsafe cisal_deflate_piece(
      stream, bytes.baseAddress, bytes.count, room.baseAddress, room.count)
  }

  /// nil when the library refused.
  func piece(_ bytes: [UInt8]) -> [UInt8]? {
    let made = unsafe [UInt8](unsafeUninitializedCapacity: Self.boundBytes(bytes.count)) {
      output, count in
      count = unsafe bytes.withUnsafeBytes { input in
        unsafe piece(of: input, into: UnsafeMutableRawBufferPointer(output))
      }
    }
    return made.isEmpty ? nil : made
  }
}
