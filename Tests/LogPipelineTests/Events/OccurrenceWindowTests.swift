import LogPipeline
import Testing

/// Goal: equal frames are counted within the window, whatever comes between them, and at any number of them in a time
/// that grows with their number alone.
/// Method: random frames against a plain array; then a body of nothing but equal frames.
@Suite struct OccurrenceWindowTests {
  @Test(arguments: [1, 2, 5, 16, 17, 1024])
  func `counts are those of a plain list of the last frames`(framesMax: Int) {
    var window = OccurrenceWindow(framesMax: framesMax)
    var random = SeededRandom(seed: UInt64(framesMax))
    var list: [UInt64] = []
    for step in 0..<3000 {
      // Few kinds, so that equal ones meet often, with runs of a single kind.
      let kind = step % 500 < 60 ? 7 : random.next() % UInt64(framesMax + 3)
      let expected = list.count { $0 == kind }
      #expect(window.count(of: kind) == UInt64(expected), "replay: \(framesMax), step \(step)")
      list.append(kind)
      if list.count > framesMax { list.removeFirst() }
    }
  }

  @Test func `a body of equal frames costs no more than one of different ones`() {
    let clock = SystemClock()
    func span(of hashes: some Sequence<UInt64>) -> Duration {
      var window = OccurrenceWindow(framesMax: 262_144)
      let began = clock.now()
      for hash in hashes { _ = window.count(of: hash) }
      return clock.now().since(began)
    }
    let frames = 100_000
    let different = span(of: (0..<UInt64(frames)).lazy.map { $0 &* 0x9E37_79B9_7F4A_7C15 })
    let equal = span(of: repeatElement(7, count: frames))
    #expect(equal < different * 4 + .milliseconds(200), "equal \(equal), different \(different)")
    // All in one bucket, if the bucket were the hash's lowest bits.
    let aligned = span(of: (0..<UInt64(frames)).lazy.map { $0 << 32 })
    #expect(aligned < different * 4 + .milliseconds(200), "aligned \(aligned)")
  }
}
