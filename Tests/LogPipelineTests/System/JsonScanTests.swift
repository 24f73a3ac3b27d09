import LogPipeline
import Testing

/// Goal: a scanner is stopped at each byte it must see, and at no other. Method: every start in random bytes of the kind
/// that matter, of every length to 70, against the plain search.
@Suite struct JsonScanTests {
  @Test func `the vector search finds what the plain one finds`() {
    var random = SeededRandom(seed: 11)
    let kinds =
      Array(#"aaaaaaaaaaaaaaaa"\[]{}"#.utf8) + [0x0A, 0x0D, 0x02, 0x1B, 0x5C, 0xFB, 0xDB, 0]
    for length in 0...70 {
      for _ in 0..<40 {
        let bytes = (0..<length).map { _ in kinds[Int(random.next() % UInt64(kinds.count))] }
        for start in 0...length {
          let inString = bytes[start...].firstIndex { "\"\\\n".utf8.contains($0) } ?? length
          let between = bytes[start...].firstIndex { "\"[]{}".utf8.contains($0) } ?? length
          let found = unsafe bytes.withUnsafeBytes {
            unsafe (
              ByteScan.nextInString($0, from: start), ByteScan.nextBetweenStrings($0, from: start)
            )
          }
          #expect(found == (inString, between), "\(bytes) from \(start)")
        }
      }
    }
  }
}
