import LogPipeline

/// OTLP's JSON form as protobuf: a second hand, by the field numbers of the published `.proto` files.
enum ProtobufBody {
  static func request(_ json: JsonValue) -> [UInt8] {
    (json["resourceSpans"]?.elements ?? []).flatMap { message(1, resourceSpans($0)) }
  }

  static func message(_ field: Int, _ bytes: [UInt8]) -> [UInt8] {
    varint(UInt64(field << 3 | 2)) + varint(UInt64(bytes.count)) + bytes
  }

  static func varint(_ value: UInt64) -> [UInt8] {
    value < 0x80 ? [UInt8(value)] : [UInt8(value & 0x7f) | 0x80] + varint(value >> 7)
  }

  private static func resourceSpans(_ json: JsonValue) -> [UInt8] {
    let scopes = (json["scopeSpans"]?.elements ?? []).flatMap { scope in
      message(2, (scope["spans"]?.elements ?? []).flatMap { message(2, span($0)) })
    }
    // The resource last: fields may come in any order.
    return scopes + message(1, attributes(1, of: json["resource"]))
  }

  private static func span(_ json: JsonValue) -> [UInt8] {
    var bytes: [UInt8] = []
    for (key, field) in [("traceId", 1), ("spanId", 2), ("parentSpanId", 4)] {
      if let id = json[key]?.string { bytes += message(field, unhex(id)) }
    }
    bytes += message(5, Array((json["name"]?.string ?? "").utf8)) + varint(6 << 3) + [3]
    for (key, field) in [("startTimeUnixNano", 7), ("endTimeUnixNano", 8)] {
      if let time = json[key]?.string { bytes += fixed(field, UInt64(time) ?? 0) }
    }
    bytes += attributes(9, of: json)
    for event in json["events"]?.elements ?? [] {
      bytes += message(
        11,
        fixed(1, UInt64(event["timeUnixNano"]?.string ?? "") ?? 0)
          + message(2, Array((event["name"]?.string ?? "").utf8)) + attributes(3, of: event))
    }
    let code = ["STATUS_CODE_OK": 1, "STATUS_CODE_ERROR": 2][json["status"]?["code"]?.string ?? ""]
    var status: [UInt8] = []
    if let text = json["status"]?["message"]?.string { status += message(2, Array(text.utf8)) }
    if let code { status += varint(3 << 3) + varint(UInt64(code)) }
    return bytes + message(15, status)
  }

  private static func attributes(_ field: Int, of json: JsonValue?) -> [UInt8] {
    (json?["attributes"]?.elements ?? []).flatMap { message(field, pair($0)) }
  }

  private static func pair(_ json: JsonValue) -> [UInt8] {
    message(1, Array((json["key"]?.string ?? "").utf8)) + message(2, any(json["value"] ?? .null))
  }

  private static func any(_ json: JsonValue) -> [UInt8] {
    guard let (kind, value) = json.members?.first else { return [] }
    switch kind {
    case "stringValue": return message(1, Array((value.string ?? "").utf8))
    case "boolValue": return varint(2 << 3) + [value.bool == true ? 1 : 0]
    case "intValue":
      let whole = value.integer ?? Int64(value.string ?? "") ?? 0
      return varint(3 << 3) + varint(UInt64(bitPattern: whole))
    case "doubleValue": return fixed(4, (value.double ?? 0).bitPattern)
    case "arrayValue":
      return message(5, (value["values"]?.elements ?? []).flatMap { message(1, any($0)) })
    case "kvlistValue":
      return message(6, (value["values"]?.elements ?? []).flatMap { message(1, pair($0)) })
    default: return []
    }
  }

  private static func fixed(_ field: Int, _ value: UInt64) -> [UInt8] {
    varint(UInt64(field << 3 | 1)) + (0..<8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }

  private static func unhex(_ text: String) -> [UInt8] {
    let digits = Array(text)
    return stride(from: 0, to: digits.count - 1, by: 2).map {
      UInt8(String(digits[$0...$0 + 1]), radix: 16) ?? 0
    }
  }
}
