/// Short texts that are written again and again, each in a place of its own.
///
/// All in one piece of memory: a text in an array of its own would be held and let go each time it is written.
struct KeptTexts {
  /// A longer one is not kept.
  private let textBytesMax: Int
  private var bytes: [UInt8]
  private var counts: [Int]

  init(places: Int, textBytesMax: Int) {
    self.textBytesMax = textBytesMax
    bytes = Array(repeating: 0, count: places * textBytesMax)
    counts = Array(repeating: 0, count: places)
  }

  /// - Returns: false when it is too long, and so not kept.
  mutating func keep(_ text: [UInt8], at place: Int) -> Bool {
    guard text.count <= textBytesMax else { return false }
    let start = place * textBytesMax
    bytes.replaceSubrange(start..<(start + text.count), with: text)
    counts[place] = text.count
    return true
  }

  /// Writes the text kept last at that place.
  @inline(__always) func write(_ place: Int, to sink: inout ByteSink) {
    let start = place * textBytesMax
    unsafe bytes.withUnsafeBytes {
      unsafe sink.raw(UnsafeRawBufferPointer(rebasing: $0[start..<(start + counts[place])]))
    }
  }
}
