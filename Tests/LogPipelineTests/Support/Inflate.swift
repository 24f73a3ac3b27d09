import CZlib

/// zlib's own reading of what the code under test made.
enum Inflate {
  /// Raw deflate pieces, put side by side and ended.
  static func pieces(_ pieces: [[UInt8]]) -> [UInt8] {
    run(pieces.flatMap { $0 } + [0x03, 0x00], isRaw: true) ?? []
  }

  /// A whole gzip member with its checksum and length; nil when zlib refuses it.
  static func gzip(_ member: [UInt8]) -> [UInt8]? { run(member, isRaw: false) }

  private static func run(_ input: [UInt8], isRaw: Bool) -> [UInt8]? {
    var stream = unsafe z_stream()
    let opened =
      if isRaw {
        unsafe czlib_inflate_init_raw(&stream)
      } else {
        unsafe czlib_inflate_init_auto(&stream)
      }
    guard opened == Z_OK else { return nil }
    defer { unsafe inflateEnd(&stream) }
    var source = input
    var output: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    return unsafe source.withUnsafeMutableBufferPointer { source in
      unsafe stream.next_in = source.baseAddress
      unsafe stream.avail_in = UInt32(source.count)
      while true {
        let (status, left) = unsafe chunk.withUnsafeMutableBufferPointer { target in
          unsafe stream.next_out = target.baseAddress
          unsafe stream.avail_out = UInt32(target.count)
          let status = unsafe inflate(&stream, Z_NO_FLUSH)
          return unsafe (status, Int(stream.avail_out))
        }
        output += chunk[..<(chunk.count - left)]
        if status == Z_STREAM_END { return unsafe stream.avail_in == 0 ? output : nil }
        guard status == Z_OK else { return nil }
      }
    }
  }
}
