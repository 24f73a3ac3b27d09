import LogPipeline

/// OTLP's bodies, in JSON and in protobuf: whatever they hold, reading them ends, and a call of a model is one JSON object
/// on one line.
struct TraceSurface: Surface {
  private static let spanBytesMax = 4096
  /// A turn goes some way; no body has more to read than bytes.
  private static let turnsMax = 1 << 16

  func run(_ input: [UInt8]) {
    guard let first = input.first else { return }
    let frames = SpanFrames(first & 1 == 0 ? .json : .protobuf, spanBytesMax: Self.spanBytesMax)
    let body = Array(input.dropFirst())
    let isBroken = unsafe body.withUnsafeBytes { body in
      for _ in 0..<Self.turnsMax where !frames.isEnded {
        if unsafe frames.goOn(in: body, check) != nil { return true }
      }
      return false
    }
    require(frames.isEnded || isBroken, "reading ends")
  }

  private func check(_ frame: SpanFrames.Frame) {
    guard case .call(let bytes) = frame else { return }
    let line = unsafe Array(bytes)
    require(!line.contains(0x0A), "a frame is one line")
    let members = (try? JsonValue.parse(line))?.members
    require(members != nil, "a frame is a JSON object")
  }
}
