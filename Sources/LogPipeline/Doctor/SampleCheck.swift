/// Whether a sample event becomes a priced document by the agent's own settings. Nothing is sent or kept.
package struct SampleCheck: DoctorCheck {
  package static let name = "sample"
  private static let model = "gpt-5.4"

  private let explain: ([UInt8]) throws -> EventExplanation?
  private let clock: any Clock

  /// `explain` takes an event through the agent's path.
  package init(
    clock: any Clock, explain: @escaping ([UInt8]) throws -> EventExplanation?
  ) {
    (self.clock, self.explain) = (clock, explain)
  }

  /// As a relay sends it, of this moment.
  package static func event(at milliseconds: Int64) -> [UInt8] {
    Array(
      """
      {"timestamp":"\(UtcTime(milliseconds: milliseconds).text)","request_id":"sheepshipper-doctor",\
      "model":"\(model)","latency_ms":812,"usage":{"prompt_tokens":700,"completion_tokens":120,\
      "total_tokens":820}}
      """.utf8)
  }

  package func run() -> [DoctorFinding] {
    do {
      return [Self.judge(try explain(Self.event(at: clock.wallMilliseconds())))]
    } catch {
      return [
        .failed(
          Self.name, "no event can be taken: \(error)", meanwhile: DoctorWords.notStarted,
          remedy: "Mend what it names; then try an event of your own:",
          type: ["sheepshipper explain event.json"])
      ]
    }
  }

  package static func judge(_ explained: EventExplanation?) -> DoctorFinding {
    guard let explained, explained.isTaken, let document = explained.document else {
      let why = explained?.refusal?.message ?? "it was taken for no event"
      return .failed(
        name, "a sample event is refused: \(why)",
        meanwhile: "Refused events stand in refused.ndjson with the reason; others are taken.",
        remedy: "Are the limits under inputs too tight? See what becomes of your own events:",
        type: ["sheepshipper explain event.json"])
    }
    let fields = explained.rows.count
    let cost = document["cost_usd"]?.double
    guard let cost else {
      return .warning(
        name,
        "a sample event becomes \(fields) fields for \(explained.index ?? "?"), without a price.",
        "The price table has no \(model).",
        meanwhile: "Events of models that it lacks are stored whole, without a cost.",
        remedy: "See what it has:", type: ["sheepshipper prices list"])
    }
    return .ok(
      name,
      "an event becomes \(fields) fields for \(explained.index ?? "?"), priced \(TextAmount.usd(cost, decimals: 6)) USD"
    )
  }
}
