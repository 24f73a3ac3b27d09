import CZlib

/// gzip by zlib alone, for bodies of tests.
package enum Gzip {
  package static func compress(_ bytes: [UInt8]) -> [UInt8] {
    unsafe withUnsafeTemporaryAllocation(of: z_stream.self, capacity: 1) { streams in
      guard let stream = streams.baseAddress else { return [] }
      unsafe stream.initialize(to: z_stream())
      guard unsafe czlib_deflate_init_gzip(stream, 6) == Z_OK else { return [] }
      defer { unsafe deflateEnd(stream) }
      var input = bytes
      let bound = unsafe Int(deflateBound(stream, UInt(bytes.count))) + 64
      var output = [UInt8](repeating: 0, count: bound)
      let written = unsafe input.withUnsafeMutableBufferPointer { source in
        unsafe output.withUnsafeMutableBufferPointer { target in
          unsafe stream.pointee.next_in = source.baseAddress
          unsafe stream.pointee.avail_in = UInt32(source.count)
          unsafe stream.pointee.next_out = target.baseAddress
          unsafe stream.pointee.avail_out = UInt32(target.count)
          _ = unsafe deflate(stream, Z_FINISH)
          return unsafe Int(stream.pointee.total_out)
        }
      }
      return Array(output[..<written])
    }
  }
}
