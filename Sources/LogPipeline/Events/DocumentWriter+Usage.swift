/// What ``UsageBook`` hears of the document written last.
extension DocumentWriter {
  /// The team is the first thing that stands there, if the event has one.
  mutating func noteTeam(writtenAt mark: Int) {
    let key: StaticString = ",\"team_id\":\""
    let start = mark + key.utf8CodeUnitCount
    // `,"team_id_claimed":` goes on where the key of the team has its quote.
    guard sink.count > start, unsafe sink.bytes[start - 3] == UInt8(ascii: "\"") else { return }
    let rest = unsafe UnsafeRawBufferPointer(rebasing: sink.bytes[start...])
    call.team = start..<(start + (unsafe ByteScan.first(UInt8(ascii: "\""), in: rest) ?? 0))
  }

  /// Once it is sure that the document is taken.
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
      team: UnsafeRawBufferPointer(rebasing: bytes[call.team]),
      model: UnsafeRawBufferPointer(rebasing: bytes[call.model]), sums)
  }
}
