/// What makes digits a payment card's number.
enum CardNumber {
  /// Whether the digits stand together as in such a number: whole, or as printed by the issuers.
  static func isGrouped(_ groups: DigitGroups) -> Bool {
    if groups.count == 1 { return (13...19).contains(groups.digits) }
    return switch groups.grouping {
    case 0x4444, 0x44441, 0x44442, 0x44443, 0x465, 0x464, 0x4443, 0x4442, 0x4333, 0x6D, 0x88: true
    default: false
    }
  }

  /// An issuer's prefix with its length, and the check digit of Luhn.
  static func isValid(_ text: ScannedText, _ start: Int, _ end: Int) -> Bool {
    var digits: [Int] = []
    for at in start..<end where ByteClass.isDigit(text[at]) { digits.append(Int(text[at]) - 0x30) }
    return hasIssuer(digits) && luhnSum(digits).isMultiple(of: 10)
  }

  private static func luhnSum(_ digits: [Int]) -> Int {
    digits.reversed().enumerated().reduce(0) { sum, digit in
      let doubled = digit.element * 2
      return sum
        + (digit.offset.isMultiple(of: 2) ? digit.element : doubled > 9 ? doubled - 9 : doubled)
    }
  }

  /// Number ranges of ISO/IEC 7812 as the networks publish them.
  private static func hasIssuer(_ digits: [Int]) -> Bool {
    let first = digits.prefix(4).reduce(0) { $0 * 10 + $1 }
    let count = digits.count
    switch first {
    case 4000...4999: return count == 13 || count == 16 || count == 19
    case 5100...5599, 2221...2720: return count == 16
    case 3400...3499, 3700...3799: return count == 15
    case 3000...3059, 3095, 3600...3699, 3800...3999: return (14...19).contains(count)
    case 3528...3589: return (16...19).contains(count)
    case 6011, 6440...6599: return (16...19).contains(count)
    case 6200...6299, 8100...8199: return (16...19).contains(count)
    case 5018, 5020, 5038, 5893, 6304, 6759, 6761...6763: return (13...19).contains(count)
    case 2200...2204, 9792, 6000...6099, 8200...8299: return (16...19).contains(count)
    default: return false
    }
  }
}
