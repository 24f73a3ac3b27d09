/// A text as a reader would take it: escapes undone, compatibility forms as ASCII, one byte a character.
///
/// For matching only. Each folded byte knows where it came from, so what is kept of the text stays as it was.
struct FoldedText {
  private(set) var bytes: [UInt8] = []
  /// Where each folded byte starts in the text; one more at the end.
  private(set) var starts: [Int] = []
  /// The text held bytes that are no UTF-8.
  private(set) var isDamaged = false

  /// Whether folding changes anything: only then it is worth its memory.
  static func isNeeded(_ text: UnsafeRawBufferPointer) -> Bool {
    var at = 0
    while at + 8 <= text.count {
      let word = unsafe text.loadUnaligned(fromByteOffset: at, as: UInt64.self)
      if word & 0x8080_8080_8080_8080 != 0 || word.holds(UInt8(ascii: "\\"))
        || word.holds(UInt8(ascii: "%"))
      {
        return true
      }
      at += 8
    }
    while at < text.count {
      let byte = unsafe text[at]
      if byte >= 0x80 || byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "%") { return true }
      at += 1
    }
    return false
  }

  init(_ text: UnsafeRawBufferPointer) {
    let source = unsafe ScannedText(text)
    bytes.reserveCapacity(source.count)
    starts.reserveCapacity(source.count + 1)
    var at = 0
    while at < source.count {
      let (scalar, length) = scalar(of: source, at)
      let folded = AsciiFold.byte(of: scalar)
      // A NUL is no character either, but it parts what stands around it.
      if folded != AsciiFold.nothing || scalar == 0 {
        bytes.append(folded == AsciiFold.nothing ? ByteClass.other : folded)
        starts.append(at)
      }
      at += length
    }
    starts.append(source.count)
  }

  /// The scalar that starts at `at`, and how many bytes of the text write it.
  private mutating func scalar(of text: ScannedText, _ at: Int) -> (scalar: UInt32, length: Int) {
    let byte = text[at]
    if byte == UInt8(ascii: "\\") { return Self.escaped(text, at) }
    if byte == UInt8(ascii: "%"), let value = Self.hex(text, at + 1, digits: 2),
      (0x20...0x7e).contains(value)
    {
      return (value, 3)
    }
    guard byte >= 0x80 else { return (UInt32(byte), 1) }
    let length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
    var scalar = UInt32(byte) & (0x7f >> UInt32(length))
    var isSound = (0xc2...0xf4).contains(byte)
    for offset in 1..<length {
      isSound = isSound && text[at + offset] & 0xc0 == 0x80
      scalar = scalar << 6 | UInt32(text[at + offset] & 0x3f)
    }
    // Longer than needed, a lone surrogate, or beyond Unicode.
    let least: UInt32 = length == 4 ? 0x10000 : length == 3 ? 0x800 : 0x80
    guard isSound, scalar >= least, Unicode.Scalar(scalar) != nil else {
      isDamaged = true
      return (0xfffd, 1)
    }
    return (scalar, length)
  }

  /// "\u0040", "\/", "\n" …, with as many backslashes as levels of quoting put there.
  private static func escaped(_ text: ScannedText, _ at: Int) -> (scalar: UInt32, length: Int) {
    let letter = text.end(from: at) { $0 == UInt8(ascii: "\\") }
    switch text[letter] {
    case UInt8(ascii: "u"):
      guard let unit = hex(text, letter + 1, digits: 4) else { break }
      let end = letter + 5
      guard (0xd800...0xdbff).contains(unit) else { return (unit, end - at) }
      let second = text.end(from: end) { $0 == UInt8(ascii: "\\") }
      if second > end, text[second] == UInt8(ascii: "u"),
        let low = hex(text, second + 1, digits: 4), (0xdc00...0xdfff).contains(low)
      {
        return (0x10000 + (unit - 0xd800) << 10 + (low - 0xdc00), second + 5 - at)
      }
      return (0xfffd, end - at)
    case UInt8(ascii: "x"):
      guard let value = hex(text, letter + 1, digits: 2) else { break }
      return (value, letter + 3 - at)
    case UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"): return (0x0a, letter + 1 - at)
    case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "/"):
      return (UInt32(text[letter]), letter + 1 - at)
    default: break
    }
    return (UInt32(UInt8(ascii: "\\")), letter - at)
  }

  private static func hex(_ text: ScannedText, _ at: Int, digits: Int) -> UInt32? {
    var value: UInt32 = 0
    for offset in 0..<digits {
      let byte = text[at + offset]
      guard ByteClass.isHex(byte) else { return nil }
      let digit = ByteClass.isDigit(byte) ? byte - 0x30 : (byte | 0x20) - 0x61 + 10
      value = value << 4 | UInt32(digit)
    }
    return value
  }
}

extension UInt64 {
  /// Whether one of its eight bytes is `byte`.
  func holds(_ byte: UInt8) -> Bool {
    let difference = self ^ (0x0101_0101_0101_0101 &* UInt64(byte))
    return (difference &- 0x0101_0101_0101_0101) & ~difference & 0x8080_8080_8080_8080 != 0
  }
}
