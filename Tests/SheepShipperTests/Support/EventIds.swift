import LogPipeline

/// The `_id` each line gets: made of its bytes alone, so it says which document came from which line.
enum EventIds {
  static func of(_ lines: [[UInt8]]) throws -> [String] {
    let key = try ContentKey([UInt8](repeating: 1, count: 32))
    let processor = try EventProcessor(
      rules: EventRules(contentKey: key), prices: try PriceBooks.load(Resources.prices),
      clock: SystemClock(), intake: 0)
    let builder = BlockBuilder(intake: 0)
    let unit = FrameUnit(
      source: SourceContext(input: .tcp, peer: "test"), keepsAllOccurrences: true)
    let text = [UInt8](lines.joined(separator: [0x0A]))
    let padded = text + [UInt8](repeating: 0x20, count: 64)
    _ = unsafe padded.withUnsafeBytes { bytes in
      unsafe processor.process(
        lines: UnsafeRawBufferPointer(rebasing: bytes.prefix(text.count)), unit: unit,
        into: builder, refuse: { _ in })
    }
    builder.seal()
    let bulk = builder.sealed.flatMap { $0.bytes.split(separator: UInt8(ascii: "\n")) }
    return try stride(from: 0, to: bulk.count, by: 2).map {
      try JsonValue.parse(Array(bulk[$0]))["create"]?["_id"]?.string ?? ""
    }
  }
}
