/// Makes raw deflate pieces that end in a full flush: several of them, side by side, are the content of one gzip member,
/// whichever library made each.
package struct PieceDeflater: ~Copyable {
  /// Not private: other modules, optimized across, refer to it when they destroy one.
  enum Way: ~Copyable {
    case zlib(Deflater)
    case isal(IsalDeflater)
  }
  private let way: Way

  /// `isal` only where ``IsalLibrary/found`` is ready; it has level 1 alone, others are zlib's.
  package init(_ library: CompressionLibrary, level: Int32 = 1) {
    if library == .isal, level == 1 {
      if case .ready = IsalLibrary.found {
        way = .isal(IsalDeflater())
        return
      }
      invariant(false, "ISA-L is used only where it was found: \(IsalLibrary.found.explanation)")
    }
    way = .zlib(Deflater(level: level))
  }

  /// What so many bytes need at the most.
  package func boundBytes(_ rawBytes: Int) -> Int {
    switch way {
    case .zlib(let deflater): deflater.boundBytes(rawBytes)
    case .isal: IsalDeflater.boundBytes(rawBytes)
    }
  }

  /// Writes one piece into `room`, which holds ``boundBytes(_:)``; answers how long it is.
  package func piece(
    of bytes: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer
  ) -> Int {
    switch way {
    case .zlib(let deflater): return unsafe deflater.flushedPiece(of: bytes, into: room)
    case .isal(let deflater):
      let length = unsafe deflater.piece(of: bytes, into: room)
      invariant(length > 0, "ISA-L has room for \(bytes.count) bytes")
      return length
    }
  }

  package func piece(_ bytes: [UInt8]) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: boundBytes(bytes.count)) { output, count in
      count = unsafe bytes.withUnsafeBytes { input in
        unsafe piece(of: input, into: UnsafeMutableRawBufferPointer(output))
      }
    }
  }
}
