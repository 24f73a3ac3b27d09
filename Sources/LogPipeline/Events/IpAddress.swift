/// An IPv4 or IPv6 address, checked by hand: the index's ip type refuses the whole document for a wrong one.
struct IpAddress {
  /// Eight groups of IPv6, or the first three bytes of IPv4: what is written of either.
  private var groups = (0, 0, 0, 0, 0, 0, 0, 0)
  let isVersion4: Bool

  init?(_ text: UnsafeRawBufferPointer) {
    guard text.count >= 2, text.count <= 45 else { return nil }
    if let address = unsafe Self.version4(text) {
      isVersion4 = true
      groups.0 = Int(address >> 24)
      groups.1 = Int(address >> 16 & 255)
      groups.2 = Int(address >> 8 & 255)
      return
    }
    isVersion4 = false
    guard unsafe readVersion6(text) else { return nil }
  }

  /// 203.0.113.0 for 203.0.113.7, 2001:db8:1:: for 2001:db8:1:2::3.
  func writeNetwork(to sink: inout ByteSink) {
    if isVersion4 {
      sink.unsigned(UInt64(truncatingIfNeeded: groups.0))
      sink.byte(UInt8(ascii: "."))
      sink.unsigned(UInt64(truncatingIfNeeded: groups.1))
      sink.byte(UInt8(ascii: "."))
      sink.unsigned(UInt64(truncatingIfNeeded: groups.2))
      sink.literal(".0")
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

  /// Four numbers with dots between them, as one.
  private static func version4(_ text: UnsafeRawBufferPointer) -> UInt32? {
    guard text.count <= 15 else { return nil }
    var address: UInt32 = 0
    var dots = 0
    var value: UInt32 = 0
    var digits = 0
    for index in 0..<text.count {
      let byte = unsafe text[index]
      let digit = UInt32(byte &- UInt8(ascii: "0"))
      if digit <= 9 {
        // "010" is octal to some readers: refused.
        guard digits < 3, digits == 0 || value > 0 else { return nil }
        value = value &* 10 &+ digit
        digits &+= 1
      } else {
        guard byte == UInt8(ascii: "."), digits > 0, value <= 255, dots < 3 else { return nil }
        address = address << 8 | value
        (dots, value, digits) = (dots &+ 1, 0, 0)
      }
    }
    guard dots == 3, digits > 0, value <= 255 else { return nil }
    return address << 8 | value
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
        guard count <= 6,
          unsafe Self.version4(UnsafeRawBufferPointer(rebasing: text[at...])) != nil
        else { return false }
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
