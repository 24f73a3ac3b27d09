/// How large bodies are made: smaller when the server can not keep up, slowly larger again, never over a limit it has shown.
package struct BodySize {
  private let bytesMin: Int
  private let bytesMax: Int
  private var ceilingBytes: Int
  package private(set) var targetBytes: Int
  private static let slowRequest: Duration = .seconds(10)

  package init(bytesMax: Int) {
    self.bytesMax = bytesMax
    bytesMin = min(256 << 10, bytesMax)
    ceilingBytes = bytesMax
    targetBytes = bytesMax
  }

  /// 429, or bodies that end in a reset again and again: half as much.
  package mutating func shrink() { targetBytes = max(min(bytesMin, ceilingBytes), targetBytes / 2) }

  /// A body was taken: a twentieth more, unless it took long.
  package mutating func noteSuccess(took: Duration) {
    if took > Self.slowRequest { return shrink() }
    targetBytes = min(ceilingBytes, targetBytes + bytesMax / 20)
  }

  /// 413: bodies of this size never pass.
  package mutating func noteTooLarge(rawBytes: Int) {
    ceilingBytes = max(1, min(ceilingBytes, rawBytes / 2))
    targetBytes = min(targetBytes, ceilingBytes)
  }
}
