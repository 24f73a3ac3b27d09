import LogPipeline

/// OTLP's bodies, in JSON and in protobuf: whatever they hold, reading them ends, and a call of a model becomes an event or
/// a refusal. What comes out of protobuf is a JSON object, unless one of its texts is no UTF-8.
struct TraceSurface: Surface {
  private let events: FrameSurface
  private static let spanBytesMax = 4096
  /// A turn goes some way; no body has more to read than bytes.
  private static let turnsMax = 1 << 16

  init() throws { events = try FrameSurface() }

  func run(_ input: [UInt8]) {
    guard let first = input.first else { return }
    let isJson = first & 1 == 0
    let frames = SpanFrames(isJson ? .json : .protobuf, spanBytesMax: Self.spanBytesMax)
    let body = Array(input.dropFirst())
    let isBroken = unsafe body.withUnsafeBytes { body in
      for _ in 0..<Self.turnsMax where !frames.isEnded {
        if unsafe frames.goOn(in: body, { check($0, isJson) }) != nil { return true }
      }
      return false
    }
    require(frames.isEnded || isBroken, "reading ends")
  }

  private func check(_ frame: SpanFrames.Frame, _ isJson: Bool) {
    guard case .call(let bytes) = frame else { return }
    let line = unsafe Array(bytes)
    events.take(line)
    guard !isJson, String(validating: line, as: UTF8.self) != nil else { return }
    let members = (try? JsonValue.parse(line))?.members
    require(members != nil, "a frame is a JSON object")
  }
}
