import LogPipeline

/// Looks for secrets in bytes as a person would who undoes every spelling first: escapes at any depth, full-width forms,
/// percent signs. Brute force, and none of the redactor's code.
enum FoldedSearch {
  static func findings(of secrets: [String], in bytes: [UInt8], place: String) -> [String] {
    var found: [String] = []
    for text in [bytes, undone(bytes)] {
      for secret in secrets {
        if let at = first(Array(secret.utf8), in: text) {
          let around = text[max(0, at - 60)..<min(text.count, at + 60)]
          found.append("\(place) holds \(secret): …\(String(decoding: around, as: UTF8.self))…")
        }
      }
    }
    return found
  }

  private static func first(_ wanted: [UInt8], in text: [UInt8]) -> Int? {
    guard text.count >= wanted.count else { return nil }
    var at = 0
    while at <= text.count - wanted.count {
      if text[at] == wanted[0], text[at..<at + wanted.count].elementsEqual(wanted) { return at }
      at += 1
    }
    return nil
  }

  static func undone(_ bytes: [UInt8]) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count)
    var at = 0
    while at < bytes.count {
      let byte = bytes[at]
      if byte == UInt8(ascii: "\\") {
        while at < bytes.count, bytes[at] == UInt8(ascii: "\\") { at += 1 }
        if at + 5 <= bytes.count, bytes[at] == UInt8(ascii: "u"),
          let unit = hex(bytes[at + 1..<at + 5])
        {
          out += ascii(unit)
          at += 5
        }
      } else if byte == UInt8(ascii: "%"), at + 3 <= bytes.count,
        let value = hex(bytes[at + 1..<at + 3])
      {
        out += ascii(value)
        at += 3
      } else if byte == 0xEF, at + 3 <= bytes.count, bytes[at + 1] >= 0xBC, bytes[at + 1] <= 0xBD {
        out += ascii(0xF000 | Int(bytes[at + 1] & 0x3F) << 6 | Int(bytes[at + 2] & 0x3F))
        at += 3
      } else {
        out.append(byte)
        at += 1
      }
    }
    return out
  }

  private static func ascii(_ unit: Int) -> [UInt8] {
    let folded = (0xFF01...0xFF5E).contains(unit) ? unit - 0xFEE0 : unit
    return folded < 0x80 ? [UInt8(folded)] : [UInt8(ascii: "?")]
  }

  private static func hex(_ digits: ArraySlice<UInt8>) -> Int? {
    Int(String(decoding: digits, as: UTF8.self), radix: 16)
  }
}
