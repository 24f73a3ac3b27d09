import LogPipeline
import Testing

/// Goal: no event reaches the ring that is larger than it takes, whatever the operator allows at the inputs.
@Suite struct EventSizeTests {
  @Test func `the largest event that fits is taken, one byte more is refused with size and limit`()
    throws
  {
    #expect(try EventBench.rules().storedBytesMax == RingLayout.blockBytesMax)
    let line = { (bytes: Int) in
      let text = String(repeating: "a", count: bytes)
      return Array("{\"timestamp\":1795217767,\"request_type\":\"\(text)\"}\n".utf8)
    }
    let free = try EventBench()
    process(line(20), free)
    free.builder.seal()
    let limit = try #require(free.builder.sealed.first).bytes.count

    let bench = try EventBench { $0.storedBytesMax = limit }
    process(line(20) + line(21) + line(19), bench)
    bench.builder.seal()
    #expect(
      bench.builder.sealed.map { $0.items.map(\.rawLengthBytes) } == [
        [UInt32(limit), UInt32(limit - 1)]
      ])
    try #require(bench.refusals.count == 1)
    let refusal = bench.refusals[0]
    #expect(refusal.reason == .tooLong && refusal.frame == 2)
    #expect(refusal.message.contains("\(limit + 1) bytes"), "\(refusal.message)")
    #expect(refusal.message.contains("at most \(limit)."), "\(refusal.message)")
  }

  private func process(_ bytes: [UInt8], _ bench: EventBench) {
    let padded = bytes + [UInt8](repeating: 0x5d, count: 64)
    _ = unsafe padded.withUnsafeBytes {
      unsafe bench.processor.process(
        lines: UnsafeRawBufferPointer(rebasing: $0.prefix(bytes.count)),
        unit: EventBench.unit(.tcp), into: bench.builder
      ) { bench.refusals.append($0) }
    }
  }
}
