/// Finds secrets and personal data in folded text, from left to right, in time linear in its length.
///
/// Nothing is looked for at most bytes: only at those that every kind needs (a digit, "@", "=", the letters and dashes of
/// key prefixes). From there it looks a bounded way back, and forward over bytes that hold no further start of that kind.
struct SecretScanner {
  let text: ScannedText
  private var at = 0
  /// The end of the last finding: nothing found later reaches back over it.
  private(set) var floor = 0
  /// Where the search for the start of an address must stop; each "@" moves it, so no stretch is searched twice.
  var addressFloor = 0

  struct Finding: Equatable {
    let start: Int
    let end: Int
    let kind: RedactionKind

    init(_ start: Int, _ end: Int, _ kind: RedactionKind) {
      self.start = start
      self.end = end
      self.kind = kind
    }
  }

  init(_ text: ScannedText) { self.text = text }

  /// The next secret; `nil` when there is none any more.
  mutating func next() -> Finding? {
    while at < text.count {
      if at + 8 <= text.count, !Self.mayStart(text.word(at)) {
        at += 8
        continue
      }
      let end = min(at + 8, text.count)
      while at < end {
        if let finding = finding(at), finding.start >= floor {
          floor = finding.end
          at = max(at + 1, finding.end)
          return finding
        }
        at += 1
      }
    }
    return nil
  }

  /// Whether one of eight bytes can start something: 0x30 to 0x5F (digits, "=", "@", capitals, "_"), "-", or the "b" of
  /// "bearer".
  private static func mayStart(_ word: UInt64) -> Bool {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let highs: UInt64 = 0x8080_8080_8080_8080
    let low = word & ~highs
    // Per byte, without a carry into the next: bit 7 is set where low >= 0x30, and where low >= 0x60.
    let inRange = (low &+ ones &* 0x50) & ~(low &+ ones &* 0x20) & ~word & highs
    return inRange != 0 || word.holds(UInt8(ascii: "-")) || word.holds(UInt8(ascii: "b"))
  }

  private mutating func finding(_ at: Int) -> Finding? {
    switch text[at] {
    case UInt8(ascii: "0")...UInt8(ascii: "9"):
      guard at == floor || !ByteClass.isDigit(text[at - 1]) else { return nil }
      return number(at)
    case UInt8(ascii: "@"): return address(at)
    case UInt8(ascii: "="), UInt8(ascii: ":"): return field(at)
    case UInt8(ascii: "-"): return privateKey(at) ?? dashedKey(at)
    case UInt8(ascii: "_"): return underscoredKey(at)
    case UInt8(ascii: "A"): return cloudKey(at)
    case UInt8(ascii: "J"): return webToken(at)
    case UInt8(ascii: "B"), UInt8(ascii: "b"): return bearer(at)
    default: return nil
    }
  }

  /// Whether a word may start at `at`: what stands before it does not belong to it.
  func isEdge(before at: Int) -> Bool {
    at <= floor || !(ByteClass.isWord(text[at - 1]) || text[at - 1] == UInt8(ascii: "-"))
  }
}
