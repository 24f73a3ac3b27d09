/// Digits in groups, with one separator between, as people write long numbers: at most 20 digits in 6 groups.
///
/// Ids and times are full of such digits, so nothing here is allocated.
struct DigitGroups {
  let start: Int
  /// After the last digit.
  private(set) var end: Int
  private(set) var digits = 0
  private(set) var count = 0
  /// How many digits each of several groups has, a hexadecimal digit for each: 0x324 for "123-45-6789". 0: there is one
  /// group, or one has more than 15.
  private(set) var grouping = 0
  /// Between the first two groups; 0 with one group.
  private(set) var separator: UInt8 = 0

  static let digitsMax = 20
  static let groupsMax = 6

  /// `isPhone`: the separators may differ, and be brackets: "(212) 555-0123". No more than so many groups are read.
  init(
    _ text: ScannedText, from start: Int, isPhone: Bool = false, countMax: Int = groupsMax
  ) {
    self.start = start
    end = start
    var at = start
    var largest = 0
    while true {
      let groupEnd = text.end(from: at, limit: Self.digitsMax + 1, while: ByteClass.isDigit)
      digits += groupEnd - at
      grouping = grouping << 4 + (groupEnd - at)
      largest = max(largest, groupEnd - at)
      count += 1
      end = groupEnd
      guard digits <= Self.digitsMax, count < countMax else { break }
      let next = text.end(from: end, limit: isPhone ? 2 : 1) { Self.separates($0, isPhone) }
      guard next > end, ByteClass.isDigit(text[next]) else { break }
      if separator == 0 { separator = text[end] }
      guard isPhone || text[end] == separator else { break }
      at = next
    }
    if count == 1 || largest > 15 { grouping = 0 }
  }

  private static func separates(_ byte: UInt8, _ isPhone: Bool) -> Bool {
    ByteClass.isOne(byte, of: " -.") || isPhone && ByteClass.isOne(byte, of: "()/")
  }

  /// The digit at `index`, counted without the separators.
  func digit(_ index: Int, _ text: ScannedText) -> UInt8 {
    var left = index
    for at in start..<end where ByteClass.isDigit(text[at]) {
      if left == 0 { return text[at] - 0x30 }
      left -= 1
    }
    return 0
  }
}
