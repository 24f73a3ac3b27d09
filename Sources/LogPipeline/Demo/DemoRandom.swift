/// SplitMix64: small, and the same numbers on every machine, so the demo shows what the documentation shows.
struct DemoRandom: Sendable {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number of the range; its slight preference for small ones does not matter here.
  mutating func next(in range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(next() % UInt64(range.count))
  }

  mutating func pick<Element>(_ choices: [Element]) -> Element {
    choices[next(in: 0...(choices.count - 1))]
  }

  /// True in `percent` of 100 cases.
  mutating func chance(_ percent: Int) -> Bool { next(in: 1...100) <= percent }

  /// Hexadecimal digits.
  mutating func hex(_ count: Int) -> String {
    var digits = ""
    while digits.utf8.count < count {
      let part = String(next(), radix: 16)
      digits += String(repeating: "0", count: 16 - part.utf8.count) + part
    }
    return String(digits.prefix(count))
  }
}
