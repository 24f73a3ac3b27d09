/// The action lines of recent days: `{"create":{"_index":"holysheep-logs-2026.11.20","_id":"`.
struct IndexNames {
  private let pattern: String
  /// Events of several days come mixed; a place for each of eight days in a row.
  private var lines: [(day: Int32, line: [UInt8])]

  init(pattern: String) {
    self.pattern = pattern
    lines = Array(repeating: (day: .min, line: []), count: 8)
  }

  /// Writes all of the action line before the id. Days since 1970.
  mutating func writeActionLine(day: Int32, to sink: inout ByteSink) {
    let place = Int(day & 7)
    if lines[place].day != day {
      lines[place] = (day, Array("{\"create\":{\"_index\":\"\(name(day: day))\",\"_id\":\"".utf8))
    }
    sink.raw(lines[place].line)
  }

  func name(day: Int32) -> String {
    let (year, month, dayOfMonth) = UtcTime.civil(fromDays: Int(day))
    var name = ""
    var isEscape = false
    for character in pattern {
      switch (isEscape, character) {
      case (false, "%"): break
      case (true, "Y"): name += UtcTime.padded(year, 4)
      case (true, "m"): name += UtcTime.padded(month, 2)
      case (true, "d"): name += UtcTime.padded(dayOfMonth, 2)
      default: name.append(character)
      }
      isEscape = !isEscape && character == "%"
    }
    return name
  }
}
