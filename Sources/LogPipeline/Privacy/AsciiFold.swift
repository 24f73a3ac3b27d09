/// Which ASCII character a Unicode scalar stands for, by the compatibility forms of the Unicode character database
/// (full-width, mathematical, circled, superscript …) and by looks that are used to slip past filters.
enum AsciiFold {
  /// Scalars that show nothing: they are skipped between characters.
  static let nothing: UInt8 = 0

  /// An ASCII byte, ``nothing``, ``ByteClass/letter`` or ``ByteClass/other``.
  static func byte(of scalar: UInt32) -> UInt8 {
    switch scalar {
    case 0..<0x80: UInt8(scalar)
    case 0xff01...0xff5e: UInt8(scalar - 0xfee0)
    case 0xc0...0x24f, 0x370...0x52f, 0x1e00...0x1eff: ByteClass.letter
    case 0x1d400...0x1d7ff: mathematical(scalar)
    case 0xfe50...0xfe6b: small(scalar)
    case 0x2070...0x208e: raisedOrLowered(scalar)
    case 0x2100...0x2149: letterlike(scalar)
    case 0x2460...0x24ff, 0x2776...0x277e: circled(scalar)
    case 0x1f130...0x1f149: UInt8(0x41 + scalar - 0x1f130)
    case 0x1fbf0...0x1fbf9: UInt8(0x30 + scalar - 0x1fbf0)
    case 0x660...0x669: UInt8(0x30 + scalar - 0x660)
    case 0x6f0...0x6f9: UInt8(0x30 + scalar - 0x6f0)
    case 0x966...0x96f: UInt8(0x30 + scalar - 0x966)
    default: single(scalar)
    }
  }

  private static func single(_ scalar: UInt32) -> UInt8 {
    switch scalar {
    case 0xa0, 0x2000...0x200a, 0x202f, 0x205f, 0x3000: UInt8(ascii: " ")
    case 0xad, 0x34f, 0x180e, 0x200b...0x200f, 0x202a...0x202e, 0x2060...0x2069, 0x20e3,
      0xfe00...0xfe0f, 0xfeff, 0xe0000...0xe01ef:
      nothing
    case 0x2010...0x2015, 0x2212: UInt8(ascii: "-")
    case 0x2024: UInt8(ascii: ".")
    case 0xaa: UInt8(ascii: "a")
    case 0xba: UInt8(ascii: "o")
    case 0xb9: UInt8(ascii: "1")
    case 0xb2: UInt8(ascii: "2")
    case 0xb3: UInt8(ascii: "3")
    default: ByteClass.other
    }
  }

  /// Thirteen alphabets of 52 letters, then (after some Greek) five sets of digits.
  private static func mathematical(_ scalar: UInt32) -> UInt8 {
    if scalar >= 0x1d7ce { return UInt8(0x30 + (scalar - 0x1d7ce) % 10) }
    guard scalar <= 0x1d6a3 else { return ByteClass.letter }
    let index = (scalar - 0x1d400) % 52
    return UInt8(index < 26 ? 0x41 + index : 0x61 + index - 26)
  }

  private static func small(_ scalar: UInt32) -> UInt8 { smallForms[Int(scalar - 0xfe50)] }
  private static let smallForms = Array(",,.?;:?!-(){}()#&*+-<>=?\\$%@".utf8)

  private static func raisedOrLowered(_ scalar: UInt32) -> UInt8 {
    raisedForms[Int(scalar - 0x2070)]
  }
  private static let raisedForms = Array("0i??456789+-=()n0123456789+-=()".utf8)

  private static func letterlike(_ scalar: UInt32) -> UInt8 {
    let form = letterlikeForms[Int(scalar - 0x2100)]
    return form == UInt8(ascii: "?") ? ByteClass.other : form
  }
  private static let letterlikeForms = Array(
    "??C???????gHHHh?IILl?N???PQRRR??????Z???Z?K?BC?eEF?Mo????i???????????Ddeij".utf8)

  private static func circled(_ scalar: UInt32) -> UInt8 {
    switch scalar {
    case 0x2460...0x2468: UInt8(0x31 + scalar - 0x2460)
    case 0x2776...0x277e: UInt8(0x31 + scalar - 0x2776)
    case 0x24b6...0x24cf: UInt8(0x41 + scalar - 0x24b6)
    case 0x24d0...0x24e9: UInt8(0x61 + scalar - 0x24d0)
    case 0x24ea, 0x24ff: UInt8(ascii: "0")
    default: ByteClass.other
    }
  }
}
