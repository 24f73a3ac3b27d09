import LogPipeline
import Testing

/// A buffer keeps its bytes, wherever they have to move as it grows.
@Suite struct IntakeBufferTests {
  @Test func `bytes stay as they are across every way of growing and emptying`() {
    let buffer = IntakeBuffer()
    var expected: [UInt8] = []
    var random = SeededRandom(seed: 1)
    for round in 0..<400 {
      let piece = [UInt8](
        repeating: UInt8(truncatingIfNeeded: round),
        count: Int.random(in: 0..<40_000, using: &random))
      unsafe piece.withUnsafeBytes { unsafe buffer.append($0) }
      expected += piece
      if Int.random(in: 0..<6, using: &random) == 0 {
        let dropped = Int.random(in: 0...expected.count, using: &random)
        buffer.removeFirst(dropped)
        expected.removeFirst(dropped)
      }
      if Int.random(in: 0..<40, using: &random) == 0 {
        buffer.removeAll()
        expected = []
      }
      #expect(unsafe buffer.bytes.elementsEqual(expected), "round \(round)")
    }
    #expect(buffer.capacity >= buffer.count)
  }

  @Test func `one longer than a mapping's least size grows without losing a byte, and starts anew`()
  {
    let buffer = IntakeBuffer()
    let piece = [UInt8](repeating: 7, count: 100_000)
    for _ in 0..<2 {
      for _ in 0..<60 { unsafe piece.withUnsafeBytes { unsafe buffer.append($0) } }
      #expect(buffer.count == 6_000_000)
      #expect(unsafe buffer.bytes.allSatisfy { $0 == 7 })
      buffer.removeFirst(5_999_990)
      #expect(buffer.capacity <= 4 << 10, "what a long line needed is given back with it")
      #expect(unsafe buffer.bytes.elementsEqual([UInt8](repeating: 7, count: 10)))
      for _ in 0..<60 { unsafe piece.withUnsafeBytes { unsafe buffer.append($0) } }
      #expect(buffer.count == 6_000_010)
      buffer.removeAll()
      #expect(buffer.capacity == 0)
    }
  }
}
