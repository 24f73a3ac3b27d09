import LogPipeline
import Testing

@Suite struct SpellingTests {
  @Test func `letters put in, left out, changed and swapped are counted`() {
    for (a, b, wanted) in [
      ("", "", 0), ("", "ab", 2), ("size", "size", 0), ("sise", "size", 1), ("szie", "size", 1),
      ("sizes", "size", 1), ("listen", "line_max", 6),
    ] {
      #expect(Spelling.distance(a, b) == wanted, "\(a) \(b)")
      #expect(Spelling.distance(b, a) == wanted, "\(b) \(a)")
    }
  }

  @Test func `only something near is suggested`() {
    #expect(Spelling.nearest(to: "vlaidate", among: ["run", "validate"]) == "validate")
    #expect(Spelling.nearest(to: "banana", among: ["run", "validate"]) == nil)
    #expect(Spelling.nearest(to: "x", among: []) == nil)
  }
}
