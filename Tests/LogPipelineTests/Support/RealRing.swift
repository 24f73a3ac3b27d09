import LogPipeline

/// A ring in a real file, filled with proper bulk lines.
enum RealRing {
  /// Event `number`: its action line and document. `clampedDay`: of the index, when it is not the day of its own time.
  static func lines(_ number: Int, padding: Int = 0, isClamped: Bool = false) -> [UInt8] {
    let digits = String(number)
    let id = String(repeating: "0", count: 25 - digits.count) + digits + "0"
    let clamped = isClamped ? ",\"time_clamped\":true" : ""
    return BlockFactory.lines(
      id: id,
      document:
        "{\"@timestamp\":\"2026-11-20T00:00:00.000Z\",\"schema_version\":1,\"number\":\(digits)"
        + clamped + ",\"p\":\"\(String(repeating: "x", count: padding))\"}")
  }

  static func block(
    _ numbers: Range<Int>, ticket: UInt64, padding: Int = 0, clamped: Set<Int> = []
  ) -> RawBlock {
    let lines = numbers.map {
      Self.lines($0, padding: padding, isClamped: clamped.contains($0))
    }
    return RawBlock(
      bytes: lines.flatMap(\.self),
      items: zip(numbers, lines).map { number, line in
        BlockItem(
          fingerprint: UInt64(number), rawLengthBytes: UInt32(line.count),
          // 20 and 22 November 2026.
          day: clamped.contains(number) ? 20_779 : 20_777)
      }, intake: 0, ticket: ticket)
  }

  /// Opens the ring as an agent does, writes groups of one incompressible event, and closes it.
  static func fill(
    _ path: String, sizeBytes: UInt64, blocks: Int, ofBytes: Int = 100
  ) throws {
    let durable = Mailbox<UInt64>(capacity: .max)
    let ring = try Ring.open(
      RingConfiguration(
        path: path, sizeBytes: sizeBytes, lockWait: .zero, isVolatileDiskAllowed: true),
      clock: SystemClock(), onDurable: { _, ticket in durable.force(ticket) }, onRoom: {})
    try ring.start()
    var random = SeededRandom(seed: 5)
    let noise = (0..<ofBytes).map { _ in UInt8(truncatingIfNeeded: random.next() >> 20) | 0x40 }
    for ticket in 0..<blocks {
      _ = ring.put(
        RawBlock(
          bytes: noise,
          items: [
            BlockItem(fingerprint: UInt64(ticket), rawLengthBytes: UInt32(ofBytes), day: 20_777)
          ], intake: 0, ticket: UInt64(ticket + 1)))
      while durable.take(until: SystemClock().now() + .seconds(20)) ?? .max <= UInt64(ticket) {}
    }
    _ = ring.drainIntake(until: SystemClock().now() + .seconds(20))
    ring.close()
  }
}
