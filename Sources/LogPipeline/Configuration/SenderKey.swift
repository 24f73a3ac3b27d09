/// A key of the webhook, and what its holder is taken for.
package struct SenderKey: Equatable, Sendable {
  package var secret: Secret
  /// nil: the events say which.
  package var team: String?
  /// What `sources` rules know its events by.
  package var source: String?
  /// From this day on, in days since 1970 UTC, it opens nothing any more.
  package var endDay: Int32?

  /// In one list: a signed body is hashed with each key, before anybody has shown to hold one.
  static let countMax = 32

  package init(_ secret: Secret) { self.secret = secret }

  /// "2027-01-01"; nil when the calendar has no such day.
  static func day(_ text: String) -> Int32? {
    let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    guard parts.map(\.count) == [4, 2, 2], parts.allSatisfy({ $0.allSatisfy(digits.contains) })
    else { return nil }
    let numbers = parts.compactMap { Int(String(decoding: $0, as: UTF8.self)) }
    let day = UtcTime.days(year: numbers[0], month: numbers[1], day: numbers[2])
    return dayText(Int32(day)) == text ? Int32(day) : nil
  }

  static func dayText(_ day: Int32) -> String {
    String(UtcTime(milliseconds: Int64(day) * 86_400_000).text.prefix(10))
  }
}
