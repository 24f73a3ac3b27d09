/// A set of the fields of ``Rates``.
struct RateFields: OptionSet, Equatable, Sendable {
  let rawValue: UInt8
  static let input = RateFields(rawValue: 1)
  static let output = RateFields(rawValue: 2)
  static let cached = RateFields(rawValue: 4)
  static let cacheWrite = RateFields(rawValue: 8)
  static let cacheWrite1h = RateFields(rawValue: 16)
  static let reasoning = RateFields(rawValue: 32)
  static let all = RateFields(rawValue: 63)
}
