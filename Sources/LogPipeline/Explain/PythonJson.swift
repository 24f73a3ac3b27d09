/// JSON as Python's `json.dumps(value, sort_keys=True)` writes it: keys by code point, ", " and ": ", ASCII only.
enum PythonJson {
  static func text(of value: JsonValue) -> String {
    switch value {
    case .null: return "null"
    case .bool(let value): return value ? "true" : "false"
    case .integer(let value): return String(value)
    case .number(let value): return number(value)
    case .string(let value): return string(value)
    case .array(let values): return "[\(values.map(text).joined(separator: ", "))]"
    case .object(let members):
      var last: [String: JsonValue] = [:]
      for (key, value) in members { last[key] = value }
      let sorted = last.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      let parts = sorted.map { "\(string($0.key)): \(text(of: $0.value))" }
      return "{\(parts.joined(separator: ", "))}"
    }
  }

  /// `repr` of a float: the shortest digits that read back, an exponent below 1e-4 and from 1e16 on.
  private static func number(_ value: Double) -> String {
    let sign = value.sign == .minus ? "-" : ""
    if value == 0 { return "\(sign)0.0" }
    let (digits, point) = shortest(value.magnitude)
    if (-3...16).contains(point) {
      if point <= 0 { return "\(sign)0.\(String(repeating: "0", count: -point))\(digits)" }
      let padded = digits + String(repeating: "0", count: max(0, point - digits.count))
      let rest = padded.dropFirst(point)
      return "\(sign)\(padded.prefix(point)).\(rest.isEmpty ? "0" : String(rest))"
    }
    let exponent = point - 1
    let rest = digits.dropFirst()
    let shown = exponent.magnitude < 10 ? "0\(exponent.magnitude)" : "\(exponent.magnitude)"
    return
      "\(sign)\(digits.prefix(1))\(rest.isEmpty ? "" : ".\(rest)")e\(exponent < 0 ? "-" : "+")\(shown)"
  }

  /// The digits without zeros at either end, and where the point stands behind the first of them: 0.05 is ("5", -1).
  private static func shortest(_ value: Double) -> (digits: String, point: Int) {
    let parts = "\(value)".split(separator: "e")
    let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    let fraction = mantissa.count > 1 ? mantissa[1] : ""
    var point = mantissa[0].count + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
    var digits = String(mantissa[0] + fraction)
    while digits.hasPrefix("0") {
      digits.removeFirst()
      point -= 1
    }
    while digits.hasSuffix("0") { digits.removeLast() }
    return (digits, point)
  }

  private static func string(_ text: String) -> String {
    var out = "\""
    for unit in text.utf16 {
      switch unit {
      case 0x22: out += "\\\""
      case 0x5c: out += "\\\\"
      case 0x0a: out += "\\n"
      case 0x0d: out += "\\r"
      case 0x09: out += "\\t"
      case 0x08: out += "\\b"
      case 0x0c: out += "\\f"
      case 0x20...0x7e: out.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
      default:
        let digits = String(unit, radix: 16)
        out += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
      }
    }
    return out + "\""
  }
}
