/// Which events `tap` shows: `FIELD=VALUE` as the document has it. Several must all hold.
package struct TapFilter: Equatable, Sendable {
  /// The members on the way: "error.type" has two.
  private let path: [String]
  /// nil: it must be there, whatever it is.
  private let value: String?
  /// What stands in a line that fits, for sure; empty: nothing is sure.
  private let needle: [UInt8]

  /// "team_id=engineering", "cost.status=unpriced", "error.type=*"; nil when it is none.
  package init?(_ text: String) {
    guard let equals = text.firstIndex(of: "="), equals != text.startIndex else { return nil }
    path = text[..<equals].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    let wanted = String(text[text.index(after: equals)...])
    guard !wanted.isEmpty, !path.contains("") else { return nil }
    value = wanted == "*" ? nil : wanted
    let isPlain = wanted.utf8.allSatisfy { byte in
      byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
        && byte != UInt8(ascii: "/")
    }
    // A number may be written in several ways.
    needle = value != nil && isPlain && Double(wanted) == nil ? Array(wanted.utf8) : []
  }

  /// Cheap: false only if the line can not fit.
  func mayFit(_ line: ArraySlice<UInt8>) -> Bool {
    needle.isEmpty || line.contains(needle)
  }

  func fits(_ document: JsonValue) -> Bool {
    var found: JsonValue? = document
    for name in path { found = found?[name] }
    guard let found, found != .null else { return false }
    guard let value else { return true }
    switch found {
    case .string(let text): return text == value
    case .bool(let flag): return "\(flag)" == value
    case .integer, .number: return found.double == Double(value)
    case .array(let elements): return elements.contains { $0.string == value }
    case .null, .object: return false
    }
  }
}
