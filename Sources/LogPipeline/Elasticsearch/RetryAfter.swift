/// The `Retry-After` header: seconds, or a date.
package enum RetryAfter {
  package static let longest: Duration = .seconds(60)

  /// nil when it is missing, unreadable or not in the future; never more than a minute.
  package static func wait(_ value: String?, wallMilliseconds: Int64) -> Duration? {
    guard let value else { return nil }
    if !value.isEmpty, value.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) {
      let seconds = Int64(value) ?? .max
      return seconds == 0 ? nil : min(.seconds(min(seconds, 3600)), longest)
    }
    guard let moment = milliseconds(ofDate: value), moment > wallMilliseconds else { return nil }
    return min(.milliseconds(moment - wallMilliseconds), longest)
  }

  /// "Sun, 06 Nov 1994 08:49:37 GMT", the one form that may still be sent.
  static func milliseconds(ofDate text: String) -> Int64? {
    let months = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    let parts = text.split(separator: " ")
    guard parts.count == 6, parts[5] == "GMT", let day = Int(parts[1]), (1...31).contains(day),
      let month = months.firstIndex(of: String(parts[2])), let year = Int(parts[3]),
      (1970...9999).contains(year)
    else { return nil }
    let clock = parts[4].split(separator: ":").compactMap { Int($0) }
    guard clock.count == 3, (0..<24).contains(clock[0]), (0..<60).contains(clock[1]),
      (0...60).contains(clock[2])
    else { return nil }
    let days = UtcTime.days(year: year, month: month + 1, day: day)
    return Int64(days) * 86_400_000 + Int64(clock[0] * 3600 + clock[1] * 60 + clock[2]) * 1000
  }
}
