/// The action lines of recent days: `{"create":{"_index":"holysheep-logs-2026.11.20","_id":"`.
struct IndexNames {
  private let pattern: String
  /// Events of several days come mixed; a place for each of eight days in a row.
  private var days: [Int32]
  private var lines: KeptTexts

  private static let placesMax = 8

  init(pattern: String) {
    self.pattern = pattern
    days = Array(repeating: .min, count: Self.placesMax)
    // No part of the pattern becomes more than twice as long.
    lines = KeptTexts(places: Self.placesMax, textBytesMax: pattern.utf8.count * 2 + 64)
  }

  /// Writes all of the action line before the id. Days since 1970.
  mutating func writeActionLine(day: Int32, to sink: inout ByteSink) {
    let place = Int(day) & (Self.placesMax - 1)
    if days[place] != day { remember(day, place) }
    lines.write(place, to: &sink)
  }

  @inline(never) private mutating func remember(_ day: Int32, _ place: Int) {
    let line = "{\"create\":{\"_index\":\"\(name(day: day))\",\"_id\":\""
    let isKept = lines.keep(Array(line.utf8), at: place)
    invariant(isKept, "an action line has room")
    days[place] = day
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
