import CSimdjson
import LogPipeline
import Testing

/// Goal: a name that is classed sixteen bytes at a time, or all at once, is what a look at each of its bytes says.
/// Method: texts from a few letters, among them those of the prefixes of keys, at all lengths around whole pieces.
@Suite struct NameClassTests {
  private static let alphabets = [
    "sk-", "gsk_hsa-hs_", "AIzaAKIAeyJ", "abc019-_.:/", "test-sess_us-east", "0123456789.",
    "aA-_J zI",
    "a=b, @\"\\\n{}<>|`\u{7f}é",
  ].map { Array($0.utf8) }

  @Test(arguments: SimulationSeeds.from(1, count: 3))
  func `the fast ways and the slow way agree`(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    for round in 0..<30_000 {
      let alphabet = Self.alphabets[random.below(Self.alphabets.count)]
      let length = random.below(4) == 0 ? random.below(300) : random.below(70)
      var bytes = (0..<length).map { _ in alphabet[random.below(alphabet.count)] }
      // What lies behind must not matter: letters, quotes, the rest of a prefix.
      bytes += (0..<16).map { _ in alphabet[random.below(alphabet.count)] }
      let slow = unsafe cjson_classify(bytes, length)
      let fast = unsafe cjson_classify_padded(bytes, length)
      let bySixteens = unsafe cjson_classify_by_sixteens(bytes, length)
      guard fast != slow || bySixteens != slow else { continue }
      let text = String(decoding: bytes.prefix(length), as: UTF8.self)
      Issue.record(
        "\(text) is \(slow), not \(fast) or \(bySixteens); replay: seed \(seed), round \(round)")
    }
  }
}
