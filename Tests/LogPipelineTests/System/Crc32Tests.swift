import CZlib
import LogPipeline
import Testing

@Suite struct Crc32Tests {
  @Test func `it is zlib's at each length around the steps, wherever the bytes begin`() {
    var random = SeededRandom(seed: 6)
    let bytes = (0..<1_200).map { _ in UInt8.random(in: 0...255, using: &random) }
    for start in 0..<17 {
      for count in Array(0..<210) + [255, 256, 257, 1_023, 1_024, 1_180] {
        expectSame(bytes, start..<start + count)
      }
    }
  }

  @Test func `it is zlib's for long stretches of random length`() {
    var random = SeededRandom(seed: 7)
    let bytes = (0..<300_000).map { _ in UInt8.random(in: 0...255, using: &random) }
    for _ in 0..<40 {
      let start = Int.random(in: 0..<64, using: &random)
      expectSame(bytes, start..<Int.random(in: start...bytes.count, using: &random))
    }
  }

  @Test func `the standard's check value, and nothing at all`() {
    #expect(Deflater.crc32(Array("123456789".utf8)) == 0xCBF4_3926)
    #expect(Deflater.crc32([]) == 0)
  }

  private func expectSame(_ bytes: [UInt8], _ range: Range<Int>) {
    unsafe bytes.withUnsafeBytes { all in
      let part = unsafe UnsafeRawBufferPointer(rebasing: all[range])
      let byZlib = unsafe crc32_z(0, part.bindMemory(to: UInt8.self).baseAddress, part.count)
      #expect(unsafe UInt(Deflater.crc32(part)) == byZlib, "\(range)")
    }
  }
}
