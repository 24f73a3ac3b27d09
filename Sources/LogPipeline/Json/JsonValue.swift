import CSimdjson

/// A JSON document as a tree: for settings, prices and servers' answers. Events never come this way.
package indirect enum JsonValue: Equatable, Sendable {
  case null
  case bool(Bool)
  case integer(Int64)
  /// Beyond Int64, or with a fraction or an exponent.
  case number(Double)
  case string(String)
  case array([JsonValue])
  /// Members in the order they came; of two equal keys `self[key]` takes the last.
  case object([(key: String, value: JsonValue)])

  /// - Throws: ``JsonError`` with simdjson's reason.
  package static func parse(_ bytes: [UInt8]) throws(JsonError) -> JsonValue {
    guard let document = unsafe cjson_parse(bytes, bytes.count) else {
      throw JsonError(reason: "no memory")
    }
    defer { unsafe cjson_free(document) }
    if let message = unsafe cjson_error(document) {
      throw JsonError(reason: unsafe String(cString: message))
    }
    let nodes = unsafe UnsafeBufferPointer(
      start: cjson_nodes(document), count: cjson_node_count(document))
    var at = 0
    return unsafe build(nodes, cjson_text(document), &at)
  }

  package static func parse(_ text: String) throws(JsonError) -> JsonValue {
    try parse(Array(text.utf8))
  }

  /// The line, from 1, where a text that ``parse(_:)`` refuses is broken; nil: not known.
  static func faultLine(of bytes: [UInt8]) -> Int? {
    let line = unsafe cjson_fault_line(bytes, bytes.count)
    return line > 0 ? line : nil
  }

  package subscript(_ key: String) -> JsonValue? {
    guard case .object(let members) = self else { return nil }
    return members.last { $0.key == key }?.value
  }
  package subscript(_ index: Int) -> JsonValue? {
    guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
    return elements[index]
  }
  package var string: String? { if case .string(let text) = self { text } else { nil } }
  package var integer: Int64? { if case .integer(let value) = self { value } else { nil } }
  package var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  package var elements: [JsonValue]? { if case .array(let values) = self { values } else { nil } }
  package var members: [(key: String, value: JsonValue)]? {
    if case .object(let members) = self { members } else { nil }
  }
  /// An integer or a fraction, as a Double.
  package var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  package static func == (a: JsonValue, b: JsonValue) -> Bool {
    switch (a, b) {
    case (.null, .null): true
    case (.bool(let x), .bool(let y)): x == y
    case (.integer(let x), .integer(let y)): x == y
    case (.number(let x), .number(let y)): x == y
    case (.string(let x), .string(let y)): x == y
    case (.array(let x), .array(let y)): x == y
    case (.object(let x), .object(let y)):
      x.count == y.count && zip(x, y).allSatisfy { $0.key == $1.key && $0.value == $1.value }
    default: false
    }
  }

  /// Compact JSON text.
  package var text: String {
    switch self {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .integer(let value): String(value)
    case .number(let value): value.isFinite ? "\(value)" : "null"
    case .string(let value): Self.quoted(value)
    case .array(let values): "[\(values.map(\.text).joined(separator: ","))]"
    case .object(let members):
      "{\(members.map { "\(Self.quoted($0.key)):\($0.value.text)" }.joined(separator: ","))}"
    }
  }

  /// A JSON string literal.
  package static func quoted(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case "\n": out += "\\n"
      case "\r": out += "\\r"
      case "\t": out += "\\t"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        out += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out + "\""
  }

  private static func build(
    _ nodes: UnsafeBufferPointer<cjson_node>, _ text: UnsafePointer<UInt8>?, _ at: inout Int
  ) -> JsonValue {
    let node = unsafe nodes[at]
    at += 1
    switch node.kind {
    case UInt8(ascii: "o"):
      return .object(
        (0..<node.count).map { _ in
          let key = unsafe string(of: nodes[at], text)
          at += 1
          return unsafe (key, build(nodes, text, &at))
        })
    case UInt8(ascii: "a"):
      return .array((0..<node.count).map { _ in unsafe build(nodes, text, &at) })
    case UInt8(ascii: "s"): return .string(unsafe string(of: node, text))
    case UInt8(ascii: "i"): return .integer(node.integer)
    case UInt8(ascii: "u"): return .number(Double(UInt64(bitPattern: node.integer)))
    case UInt8(ascii: "d"): return .number(node.number)
    case UInt8(ascii: "t"): return .bool(true)
    case UInt8(ascii: "f"): return .bool(false)
    default: return .null
    }
  }

  private static func string(of node: cjson_node, _ text: UnsafePointer<UInt8>?) -> String {
    let start = unsafe text.map { unsafe $0 + Int(node.text_offset) }
    return unsafe String(
      decoding: UnsafeBufferPointer(start: start, count: Int(node.text_length)), as: UTF8.self)
  }
}
