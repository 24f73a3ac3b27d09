import LogPipeline
import Testing

/// Goal: digits that are worked out eight at a time are those that Swift writes.
@Suite struct DigitTextTests {
  private func text(_ value: UInt64) -> String {
    var bytes = [UInt8](repeating: 0, count: DigitText.roomBytes)
    let count = unsafe bytes.withUnsafeMutableBufferPointer { buffer in
      unsafe buffer.baseAddress.map { unsafe DigitText.write(value, to: $0) } ?? 0
    }
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }

  @Test func `a number is written as Swift writes it`() {
    let seed = UInt64.random(in: .min ... .max)
    var random = SeededRandom(seed: seed)
    var values: [UInt64] = [0, .max, 99_999_999, 100_000_000]
    var power: UInt64 = 1
    for _ in 0..<19 {
      power *= 10
      values += [power - 1, power, power + 1]
    }
    for _ in 0..<20_000 { values.append(random.next() >> UInt64(random.below(64))) }
    for value in values { #expect(text(value) == String(value), "replay: seed \(seed)") }
  }

  /// All pairs and hundreds: the multiplications that stand for divisions are exact there.
  @Test func `every number of four digits is parted exactly`() {
    for value in UInt64(0)..<10_000 {
      let digits = DigitText.eight(value * 10_000 + value)
      var expected: UInt64 = 0
      for place in [value, value] {
        for divisor in [1000, 100, 10, 1] as [UInt64] {
          expected = expected >> 8 | (place / divisor % 10) << 56
        }
      }
      guard digits != expected else { continue }
      Issue.record("\(value) came out as \(String(digits, radix: 16))")
    }
  }
}
