/// What the protocol answers: `ExportTraceServiceResponse` for 200, `google.rpc.Status` for all else.
enum TraceAnswer {
  /// `rejected` spans can not be stored, however often they are sent; `message` says why, or what is wrong with the request.
  static func bytes(
    _ encoding: TraceEncoding, status: Int, rejected: UInt64, message: String?
  ) -> [UInt8] {
    switch encoding {
    case .json: Array(json(status, rejected, message).utf8)
    case .protobuf: protobuf(status, rejected, message)
    }
  }

  private static func json(_ status: Int, _ rejected: UInt64, _ message: String?) -> String {
    let text = JsonValue.quoted(message ?? "")
    guard status == 200 else { return "{\"code\":\(code(status)),\"message\":\(text)}" }
    if rejected == 0 { return "{}" }
    return "{\"partialSuccess\":{\"rejectedSpans\":\"\(rejected)\",\"errorMessage\":\(text)}}"
  }

  private static func protobuf(_ status: Int, _ rejected: UInt64, _ message: String?) -> [UInt8] {
    var answer: [UInt8] = []
    guard status == 200 else {
      put(number: code(status), at: 1, to: &answer)
      put(Array((message ?? "").utf8), at: 2, to: &answer)
      return answer
    }
    guard rejected > 0 else { return [] }
    var partial: [UInt8] = []
    put(number: rejected, at: 1, to: &partial)
    put(Array((message ?? "").utf8), at: 2, to: &partial)
    put(partial, at: 1, to: &answer)
    return answer
  }

  /// gRPC's word for it.
  private static func code(_ status: Int) -> UInt64 {
    switch status {
    case 401: 16
    case 403: 7
    case 404, 405: 12
    case 413, 431: 8
    case 503: 14
    default: 3
    }
  }

  private static func put(number: UInt64, at field: UInt8, to message: inout [UInt8]) {
    message.append(field << 3)
    varint(number, to: &message)
  }

  private static func put(_ bytes: [UInt8], at field: UInt8, to message: inout [UInt8]) {
    message.append(field << 3 | 2)
    varint(UInt64(bytes.count), to: &message)
    message += bytes
  }

  private static func varint(_ value: UInt64, to message: inout [UInt8]) {
    var rest = value
    while rest >= 0x80 {
      message.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    message.append(UInt8(rest))
  }
}
