import LogPipeline

/// A webhook with the real processor behind it: bodies of spans in, documents out.
final class TracesBench {
  let harness: IntakeHarness
  private var seen = 0

  init(
    sink: MemorySink = MemorySink(), refusedLog: RefusedLog? = nil,
    _ adjust: (inout IntakeConfiguration) -> Void = { _ in }
  ) throws {
    harness = try IntakeHarness(
      sink: sink, refusedLog: refusedLog, processor: try EventBench().processor,
      showsShapes: true, adjust)
  }

  /// One request of its own.
  func post(
    _ body: [UInt8], type: String = "application/x-protobuf", headers: [String] = []
  ) throws -> LoopbackClient.Answer? {
    try harness.http().post(
      "/v1/traces", body, headers: ["Content-Type: \(type)"] + headers)
  }
  func post(json: String, headers: [String] = []) throws -> LoopbackClient.Answer? {
    try post(Array(json.utf8), type: "application/json", headers: headers)
  }

  /// Action and document of each event since the last call.
  func takeEvents() throws -> [EventBench.Event] {
    let lines = harness.sink.frames.dropFirst(seen)
    seen += lines.count
    var events: [EventBench.Event] = []
    for at in stride(from: lines.startIndex, to: lines.endIndex - 1, by: 2) {
      let action = try JsonValue.parse(lines[at])["create"]
      events.append(
        EventBench.Event(
          index: action?["_index"]?.string ?? "", id: action?["_id"]?.string ?? "",
          document: try JsonValue.parse(lines[at + 1]), text: lines[at + 1]))
    }
    return events
  }
}
