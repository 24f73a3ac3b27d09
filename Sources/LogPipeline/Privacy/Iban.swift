/// International bank account numbers (ISO 13616).
enum Iban {
  /// How long a country's numbers are; `nil` for a country that has none.
  static func length(ofCountry first: UInt8, _ second: UInt8) -> Int? {
    lengths[UInt16(ByteClass.lower(first)) << 8 | UInt16(ByteClass.lower(second))]
  }

  /// The remainder of 97 is 1, with the first four characters moved to the end and letters as 10 to 35; and there are no
  /// letters where that country has none: one UUID in 20,000 would be a number of Belgium, Bosnia or Estonia.
  static func isValid(_ number: [UInt8]) -> Bool {
    let country = UInt16(ByteClass.lower(number[0])) << 8 | UInt16(ByteClass.lower(number[1]))
    guard !ofDigits.contains(country) || number[4...].allSatisfy(ByteClass.isDigit) else {
      return false
    }
    var remainder = 0
    for byte in number[4...] + number[..<4] {
      if ByteClass.isDigit(byte) {
        remainder = (remainder * 10 + Int(byte) - 0x30) % 97
      } else {
        remainder = (remainder * 100 + Int(ByteClass.lower(byte)) - 0x61 + 10) % 97
      }
    }
    return remainder == 1
  }

  /// Those whose letters stand in hexadecimal numbers (SWIFT's IBAN registry, BBAN structures of digits alone).
  private static let ofDigits: Set<UInt16> = Set(
    ["ae", "ba", "be", "de", "ee"].map { (text: String) in
      let letters = Array(text.utf8)
      return UInt16(letters[0]) << 8 | UInt16(letters[1])
    })

  private static let lengths: [UInt16: Int] = {
    let table = """
      ad24 ae23 al28 at20 az28 ba20 be16 bg22 bh22 bi27 br29 by28 ch21 cr22 cy28 cz24 de22 dj27 dk18 do28 ee20 eg29 \
      es24 fi18 fk18 fo18 fr27 gb22 ge22 gi23 gl18 gr27 gt28 hn28 hr21 hu28 ie22 il23 iq23 is26 it27 jo30 kw30 kz20 \
      lb28 lc32 li21 lt20 lu20 lv21 ly25 mc27 md24 me22 mk19 mn20 mr27 mt31 mu30 ni28 nl18 no15 om23 pk24 pl28 ps29 \
      pt25 qa29 ro24 rs22 ru33 sa24 sc31 sd18 se24 si19 sk24 sm27 so23 st25 sv28 tl23 tn24 tr26 ua29 va22 vg24 xk20 \
      ye30
      """
    var lengths: [UInt16: Int] = [:]
    for entry in table.split(separator: " ") {
      let letters = Array(entry.utf8)
      lengths[UInt16(letters[0]) << 8 | UInt16(letters[1])] = Int(entry.dropFirst(2))
    }
    return lengths
  }()
}
