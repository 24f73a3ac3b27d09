import LogPipeline
import Testing

@Suite struct DecimalTextTests {
  private func parse(_ text: String) -> Int64? {
    let bytes = Array(text.utf8)
    return unsafe bytes.withUnsafeBytes { unsafe DecimalText.picoUsd($0) }
  }

  @Test(arguments: [
    (Int64(0), "0"), (1, "0.000000000001"), (10_872_000_000, "0.010872"), (1_000_000_000_000, "1"),
    (12_500_000_000_000, "12.5"), (-1_500_000_000_000, "-1.5"), (100_000_000_000_000, "100"),
    (.max, "9223372.036854775807"), (.min, "-9223372.036854775808"), (-1, "-0.000000000001"),
  ])
  func `an amount has its exact text`(picoUsd: Int64, text: String) {
    #expect(PricingFixtures.usd(picoUsd) == text)
    if picoUsd != .min { #expect(parse(text) == picoUsd) }
  }

  @Test(arguments: [
    ("0.010872", Int64(10_872_000_000)), ("1.2e-06", 1_200_000), ("1.2E+1", 12_000_000_000_000),
    ("1e-12", 1), ("4e-13", 0), ("5e-13", 1), ("-5e-13", -1), ("0.0000000000014999", 1),
    ("00012", 12_000_000_000_000), ("1.", 1_000_000_000_000), (".5", 500_000_000_000),
    ("0e99999999999", 0),
    ("9223372.0368547758074", .max), ("0.00000000000000000000000000000000000001", 0),
    ("1234567.12345678901251", 1_234_567_123_456_789_013), ("1e-99999999999", 0),
  ])
  func `decimal text is read exactly and rounded once`(text: String, picoUsd: Int64) {
    #expect(parse(text) == picoUsd)
  }

  @Test(arguments: [
    "", "-", ".", "N/A", "1e", "1e+", "0x10", "1 ", " 1", "1,5", "inf", "nan",
    "9223372.0368547758075",
    "1e30", "99999999999999999999", "--1", "1.2.3",
  ])
  func `what is no amount is none`(text: String) { #expect(parse(text) == nil) }

  @Test func `a Double means its shortest text`() {
    #expect(DecimalText.picoUsd(0.1) == 100_000_000_000)
    #expect(DecimalText.picoUsd(0.010872) == 10_872_000_000)
    #expect(DecimalText.picoUsd(1.2e-06) == 1_200_000)
    #expect(DecimalText.picoUsd(-2.0) == -2_000_000_000_000)
    #expect(DecimalText.picoUsd(.nan) == nil)
    #expect(DecimalText.picoUsd(.infinity) == nil)
    #expect(DecimalText.picoUsd(1e300) == nil)
  }

  @Test func `text and amount go both ways for any amount`() {
    let seed = UInt64.random(in: .min ... .max)
    var random = SeededRandom(seed: seed)
    for _ in 0..<5000 {
      let picoUsd = Int64(bitPattern: random.next()) >> Int64(random.below(63))
      guard picoUsd != .min else { continue }
      #expect(parse(PricingFixtures.usd(picoUsd)) == picoUsd, "replay: seed \(seed)")
    }
  }

  @Test func `a rate has at most six decimals`() {
    var text: [UInt8] = []
    DecimalText.usdPerMTok(microUsdPerMTok: 2_500_000, into: &text)
    text.append(UInt8(ascii: " "))
    DecimalText.usdPerMTok(microUsdPerMTok: 62_500, into: &text)
    #expect(String(decoding: text, as: UTF8.self) == "2.5 0.0625")
  }
}
