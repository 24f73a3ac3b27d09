/// An IPv4 or IPv6 address, checked by hand: the index's ip type refuses the whole document for a wrong one.
struct IpAddress {
  /// Eight groups of IPv6, or the four bytes of IPv4 in the first four.
  private var groups = (0, 0, 0, 0, 0, 0, 0, 0)
  let isVersion4: Bool

  init?(_ text: UnsafeRawBufferPointer) {
    guard text.count >= 2, text.count <= 45 else { return nil }
    isVersion4 = unsafe !text.contains(UInt8(ascii: ":"))
    let isRead = unsafe isVersion4 ? readVersion4(text, into: 0) : readVersion6(text)
    guard isRead else { return nil }
  }

  /// 203.0.113.0 for 203.0.113.7, 2001:db8:1:: for 2001:db8:1:2::3.
  func writeNetwork(to sink: inout ByteSink) {
    if isVersion4 {
      for group in [groups.0, groups.1, groups.2] {
        sink.integer(Int64(group))
        sink.byte(UInt8(ascii: "."))
      }
      sink.byte(UInt8(ascii: "0"))
    } else if groups.0 == 0, groups.1 == 0, groups.2 == 0 {
      sink.literal("::")
    } else {
      for group in [groups.0, groups.1, groups.2] {
        for shift in [12, 8, 4, 0] where group >> shift > 0 || shift == 0 {
          sink.hexDigit(UInt8(group >> shift & 15))
        }
        sink.byte(UInt8(ascii: ":"))
      }
      sink.byte(UInt8(ascii: ":"))
    }
  }

  private mutating func set(_ index: Int, _ value: Int) {
    switch index {
    case 0: groups.0 = value
    case 1: groups.1 = value
    case 2: groups.2 = value
    case 3: groups.3 = value
    case 4: groups.4 = value
    case 5: groups.5 = value
    case 6: groups.6 = value
    default: groups.7 = value
    }
  }

  private mutating func readVersion4(_ text: UnsafeRawBufferPointer, into first: Int) -> Bool {
    var parts = 0
    var value = 0
    var digits = 0
    for index in 0...text.count {
      if unsafe index == text.count || text[index] == UInt8(ascii: ".") {
        guard digits > 0, value <= 255, parts < 4 else { return false }
        set(first + parts, value)
        (parts, value, digits) = (parts + 1, 0, 0)
      } else {
        let digit = unsafe text[index] &- UInt8(ascii: "0")
        // "010" is octal to some readers: refused.
        guard digit <= 9, digits < 3, digits == 0 || value > 0 else { return false }
        value = value * 10 + Int(digit)
        digits += 1
      }
    }
    return parts == 4
  }

  /// Groups of at most four hexadecimal digits, one `::` at most, an IPv4 address at the end allowed.
  private mutating func readVersion6(_ text: UnsafeRawBufferPointer) -> Bool {
    var count = 0
    var gap: Int?
    var at = 0
    while at < text.count {
      if unsafe text[at] == UInt8(ascii: ":") {
        let isDouble = unsafe at + 1 < text.count && text[at + 1] == UInt8(ascii: ":")
        if isDouble {
          guard gap == nil else { return false }
          gap = count
          at += 2
          continue
        }
        guard count > 0, at + 1 < text.count, gap != count else { return false }
        at += 1
      } else if count > 0, gap != count {
        return false
      }
      guard count < 8 else { return false }
      var end = at
      var value = 0
      while end < text.count, let digit = unsafe Self.hex(text[end]) {
        value = value << 4 | digit
        end += 1
        if end - at > 4 { return false }
      }
      guard end > at else { return false }
      if end < text.count, unsafe text[end] == UInt8(ascii: ".") {
        guard count <= 6, unsafe isVersion4Tail(text, from: at) else { return false }
        count += 2
        at = text.count
      } else {
        set(count, value)
        count += 1
        at = end
      }
    }
    return finishVersion6(count: count, gap: gap)
  }

  private func isVersion4Tail(_ text: UnsafeRawBufferPointer, from at: Int) -> Bool {
    var tail = self
    return unsafe tail.readVersion4(UnsafeRawBufferPointer(rebasing: text[at...]), into: 0)
  }

  /// Moves what stood behind `::` to the end. Only the first three groups are ever written.
  private mutating func finishVersion6(count: Int, gap: Int?) -> Bool {
    guard let gap else { return count == 8 }
    guard count < 8 else { return false }
    let all = [groups.0, groups.1, groups.2, groups.3, groups.4, groups.5, groups.6, groups.7]
    let behind = Array(all[gap..<count])
    for index in gap..<8 { set(index, 0) }
    for (index, value) in behind.enumerated() { set(8 - behind.count + index, value) }
    return true
  }

  private static func hex(_ byte: UInt8) -> Int? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): Int(byte - UInt8(ascii: "a")) + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): Int(byte - UInt8(ascii: "A")) + 10
    default: nil
    }
  }
}
