import LogPipeline

/// Compressed bodies: whatever they hold, inflating ends; and what was compressed comes out again, in whatever pieces.
struct GzipSurface: Surface {
  private static let outputBytesMax = 8 << 20

  func run(_ input: [UInt8]) {
    guard let first = input.first else { return }
    let bytes = Array(input.dropFirst())
    let piece = Int(first % 31) + 1
    let whole = inflate(bytes, pieces: bytes.count)
    let pieces = inflate(bytes, pieces: piece)
    require((whole.fault == nil) == (pieces.fault == nil), "pieces change no verdict")
    // Of what was inflated in one step with a fault nothing is looked at.
    let isBegun =
      whole.bytes.starts(with: pieces.bytes) || pieces.bytes.starts(with: whole.bytes)
    require(
      whole.bytes == pieces.bytes || whole.fault != nil && isBegun, "pieces change nothing")
    let member = member(of: bytes)
    let both = inflate(member + member, pieces: piece)
    require(both.bytes == bytes + bytes && both.fault == nil, "what was compressed comes out")
  }

  private func member(of bytes: [UInt8]) -> [UInt8] {
    func little(_ value: UInt32) -> [UInt8] {
      (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
    return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF] + Deflater(level: 1).wholeStream(bytes)
      + little(Deflater.crc32(bytes)) + little(UInt32(bytes.count))
  }

  private func inflate(_ input: [UInt8], pieces size: Int) -> (bytes: [UInt8], fault: String?) {
    guard let inflater = BodyInflater() else { fatalError("no memory") }
    var out: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    var at = 0
    while at < input.count {
      let end = min(input.count, at + max(1, size))
      var isFull = false
      let fault = unsafe input[at..<end].withUnsafeBytes { piece in
        unsafe buffer.withUnsafeMutableBytes { buffer in
          unsafe inflater.inflate(piece, through: buffer) {
            unsafe out.append(contentsOf: $0)
            isFull = out.count > Self.outputBytesMax
            return !isFull
          }
        }
      }
      if isFull { return (Array(out.prefix(Self.outputBytesMax)), nil) }
      if let fault { return (out, fault) }
      at = end
    }
    return (out, nil)
  }
}
