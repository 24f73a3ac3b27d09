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

  /// All that can be inflated of one gzip member.
  package static func inflate(_ bytes: [UInt8]) -> [UInt8] {
    unsafe withUnsafeTemporaryAllocation(of: z_stream.self, capacity: 1) { streams in
      guard let stream = streams.baseAddress else { return [] }
      unsafe stream.initialize(to: z_stream())
      guard unsafe czlib_inflate_init_auto(stream) == Z_OK else { return [] }
      defer { unsafe inflateEnd(stream) }
      var input = bytes
      var output: [UInt8] = []
      var chunk = [UInt8](repeating: 0, count: 1 << 18)
      unsafe input.withUnsafeMutableBufferPointer { source in
        unsafe stream.pointee.next_in = source.baseAddress
        unsafe stream.pointee.avail_in = UInt32(source.count)
        var status = Z_OK
        while status == Z_OK {
          unsafe chunk.withUnsafeMutableBufferPointer { target in
            unsafe stream.pointee.next_out = target.baseAddress
            unsafe stream.pointee.avail_out = UInt32(target.count)
            status = unsafe CZlib.inflate(stream, Z_NO_FLUSH)
          }
          output += unsafe chunk[..<(chunk.count - Int(stream.pointee.avail_out))]
        }
      }
      return output
    }
  }
}
