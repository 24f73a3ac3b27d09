/// Digits in groups, with one separator between, as people write long numbers: at most 20 digits in 6 groups.
struct DigitGroups {
  let start: Int
  /// After the last digit.
  private(set) var end: Int
  private(set) var digits = 0
  /// How many digits each group has.
  private(set) var grouping: [Int] = []
  /// Between the first two groups; 0 with one group.
  private(set) var separator: UInt8 = 0
  private var ends: [Int] = []

  static let digitsMax = 20
  static let groupsMax = 6

  /// `isPhone`: the separators may differ, and be brackets: "(212) 555-0123".
  init(_ text: ScannedText, from start: Int, isPhone: Bool = false) {
    self.start = start
    end = start
    var at = start
    while true {
      let groupEnd = text.end(from: at, limit: Self.digitsMax + 1, while: ByteClass.isDigit)
      digits += groupEnd - at
      grouping.append(groupEnd - at)
      end = groupEnd
      ends.append(end)
      guard digits <= Self.digitsMax, grouping.count < Self.groupsMax else { break }
      let next = text.end(from: end, limit: isPhone ? 2 : 1) {
        " -.".utf8.contains($0) || isPhone && "()/".utf8.contains($0)
      }
      guard next > end, ByteClass.isDigit(text[next]) else { break }
      if separator == 0 { separator = text[end] }
      guard isPhone || text[end] == separator else { break }
      at = next
    }
  }

  var count: Int { grouping.count }

  /// All groups, all but the last, and so on: another number may follow after a blank.
  var prefixes: [DigitGroups] {
    grouping.indices.reversed().map { last in
      var prefix = self
      prefix.grouping = Array(grouping[...last])
      prefix.digits = prefix.grouping.reduce(0, +)
      prefix.end = ends[last]
      if last == 0 { prefix.separator = 0 }
      return prefix
    }
  }

  func values(_ text: ScannedText) -> [UInt8] {
    (start..<end).compactMap { ByteClass.isDigit(text[$0]) ? text[$0] - 0x30 : nil }
  }
}
