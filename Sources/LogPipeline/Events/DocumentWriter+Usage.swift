/// What ``UsageBook`` hears of the document written last.
extension DocumentWriter {
  /// Where the team stands, if the event has one.
  private var team: Range<Int> {
    let key: StaticString = ",\"team_id\":\""
    let start = call.teamsAt + key.utf8CodeUnitCount
    guard sink.count > start else { return 0..<0 }
    let written = unsafe UnsafeRawBufferPointer(rebasing: sink.bytes[call.teamsAt...])
    guard unsafe ByteScan.stands(key, at: 0, in: written) else { return 0..<0 }
    let rest = unsafe UnsafeRawBufferPointer(rebasing: sink.bytes[start...])
    return start..<(start + (unsafe ByteScan.first(UInt8(ascii: "\""), in: rest) ?? 0))
  }

  /// Once it is sure that the document is taken; only while somebody watches.
  func count(_ facts: EventFacts, in pages: inout UsageBook.Pages) {
    var sums = UsageSums()
    sums.calls = 1
    sums.errors = facts.outcome == .failure ? 1 : 0
    sums.tokens = UInt64(clamping: facts.usage.totalTokens ?? 0)
    sums.costPicoUsd = call.costPicoUsd
    sums.unpriced = call.isUnpriced ? 1 : 0
    if let latency = facts.latencyMs { (sums.timed, sums.latencyMs) = (1, latency) }
    let bytes = unsafe sink.bytes
    unsafe pages.add(
      team: UnsafeRawBufferPointer(rebasing: bytes[team]),
      model: UnsafeRawBufferPointer(rebasing: bytes[call.model]), sums)
  }
}
