import CZlib

/// Packs lines into a raw deflate piece that ends in a full flush, as the blocks of the ring are.
@safe package struct PieceDeflater: ~Copyable {
  private let stream: UnsafeMutablePointer<z_stream>

  package init() throws(DeliveryError) {
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    // Level 1: sent once, over a network that is faster than level 6.
    guard unsafe czlib_deflate_init_raw(stream, 1) == Z_OK else {
      unsafe stream.deallocate()
      throw .noTransport
    }
  }

  deinit {
    unsafe deflateEnd(stream)
    unsafe stream.deallocate()
  }

  package borrowing func piece(_ lines: [UInt8]) -> [UInt8] {
    unsafe deflateReset(stream)
    // Room for the flush marker too, so that one call does it.
    let capacity = Int(unsafe deflateBound(stream, UInt(lines.count))) + 16
    return unsafe [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
      unsafe lines.withUnsafeBufferPointer { input in
        unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        unsafe stream.pointee.avail_in = UInt32(input.count)
        unsafe stream.pointee.next_out = output.baseAddress
        unsafe stream.pointee.avail_out = UInt32(capacity)
        let status = unsafe deflate(stream, Z_FULL_FLUSH)
        invariant(
          unsafe status == Z_OK && stream.pointee.avail_in == 0 && stream.pointee.avail_out > 0,
          "a deflate piece did not fit its bound (zlib status \(status))")
        count = unsafe capacity - Int(stream.pointee.avail_out)
      }
    }
  }
}
