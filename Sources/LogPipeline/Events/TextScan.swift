/// Reads a short text from left to right.
@safe struct TextScan {
  private let text: UnsafeRawBufferPointer
  private let count: Int
  private var at = 0

  init(_ text: UnsafeRawBufferPointer) {
    unsafe self.text = text
    count = text.count
  }

  var isAtEnd: Bool { at == count }

  mutating func take(_ wanted: Unicode.Scalar) -> Bool {
    guard at < count, unsafe UInt32(text[at]) == wanted.value else { return false }
    at += 1
    return true
  }

  mutating func number(digits: Int) -> Int? {
    guard at + digits <= count else { return nil }
    var value = 0
    for _ in 0..<digits {
      guard let digit = digit() else { return nil }
      value = value * 10 + digit
    }
    return value
  }

  /// One digit or more; those beyond nanoseconds are passed over.
  mutating func fractionNanoseconds() -> Int64? {
    var value: Int64 = 0
    var digits = 0
    while at < count, let next = digit() {
      if digits < 9 { value = value * 10 + Int64(next) }
      digits += 1
    }
    guard digits > 0 else { return nil }
    for _ in 0..<max(0, 9 - digits) { value *= 10 }
    return value
  }

  /// `Z`, `+05:30`, `-0800`, `+01`; nothing is UTC.
  mutating func offsetMinutes() -> Int? {
    if isAtEnd || take("Z") || take("z") { return 0 }
    let isNegative = take("-")
    guard isNegative || take("+"), let hours = number(digits: 2), hours <= 18 else { return nil }
    var minutes = 0
    if !isAtEnd {
      _ = take(":")
      guard let read = number(digits: 2), read < 60 else { return nil }
      minutes = read
    }
    return (hours * 60 + minutes) * (isNegative ? -1 : 1)
  }

  /// Moves on only past a digit.
  private mutating func digit() -> Int? {
    let value = unsafe text[at] &- UInt8(ascii: "0")
    guard value <= 9 else { return nil }
    at += 1
    return Int(value)
  }
}
