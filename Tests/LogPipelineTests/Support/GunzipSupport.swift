import CZlib

/// A strict reader of one gzip member, to check what we send with zlib's own eyes.
enum GunzipSupport {
  /// nil unless the bytes are exactly one whole, sound member.
  static func gunzip(_ bytes: [UInt8]) -> [UInt8]? {
    var bytes = bytes
    var stream = unsafe z_stream()
    guard unsafe czlib_inflate_init_auto(&stream) == Z_OK else { return nil }
    defer { unsafe inflateEnd(&stream) }
    var out: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    return unsafe bytes.withUnsafeMutableBufferPointer { input in
      unsafe stream.next_in = input.baseAddress
      unsafe stream.avail_in = UInt32(input.count)
      while true {
        let status = unsafe chunk.withUnsafeMutableBufferPointer { output in
          unsafe stream.next_out = output.baseAddress
          unsafe stream.avail_out = UInt32(output.count)
          return unsafe inflate(&stream, Z_NO_FLUSH)
        }
        unsafe out.append(contentsOf: chunk[..<(chunk.count - Int(stream.avail_out))])
        if status == Z_STREAM_END { return unsafe stream.avail_in == 0 ? out : nil }
        guard status == Z_OK else { return nil }
      }
    }
  }
}
