import LogPipeline
import Testing

/// A processor of events with its builder: lines in, documents out.
final class EventBench {
  /// 2026-11-21T00:00:00Z, when everything arrives.
  static let arrivalMilliseconds: Int64 = 1_795_219_200_000

  struct Event {
    let index: String
    let id: String
    let document: JsonValue
    let text: String

    subscript(_ path: String) -> JsonValue? {
      if let whole = document[path] { return whole }
      var value: JsonValue? = document
      for key in path.split(separator: ".") { value = value?[String(key)] }
      return value
    }
    func string(_ path: String) -> String? { self[path]?.string }
    func integer(_ path: String) -> Int64? { self[path]?.integer }
    func double(_ path: String) -> Double? { self[path]?.double }
    func bool(_ path: String) -> Bool? { self[path]?.bool }
  }

  let processor: EventProcessor
  let builder: BlockBuilder
  var refusals: [Refusal] = []
  /// The peers of units whose frames were refused when several were processed at once.
  var refusedUnits: [String] = []

  static func rules() throws -> EventRules {
    EventRules(contentKey: try ContentKey(Array("0123456789abcdef0123456789abcdef".utf8)))
  }

  static let prices: PriceBooks? = try? PriceBooks.load(Resources.prices)

  init(usage: UsageBook = UsageBook(), _ adjust: (inout EventRules) -> Void = { _ in }) throws {
    var rules = try Self.rules()
    adjust(&rules)
    processor = try EventProcessor(
      rules: rules, prices: try #require(Self.prices), clock: FixedClock(), intake: 0,
      usage: usage)
    builder = BlockBuilder(intake: 0)
  }

  /// Processes the lines as one read of a new unit, or of the given one.
  @discardableResult
  func process(_ bytes: [UInt8], unit: FrameUnit? = nil) throws -> [Event] {
    let unit = unit ?? Self.unit(.tcp)
    let padded = bytes + [UInt8](repeating: 0x5d, count: 64)
    _ = unsafe padded.withUnsafeBytes {
      unsafe processor.process(
        lines: UnsafeRawBufferPointer(rebasing: $0.prefix(bytes.count)), unit: unit, into: builder
      ) { refusals.append($0) }
    }
    return try takeEvents()
  }

  /// Processes texts of several units at once; how many became events and how many were refused of each.
  func process(
    together texts: [(text: String, unit: FrameUnit)]
  ) throws -> (events: [Event], counts: [[Int]]) {
    let padding = [UInt8](repeating: 0x5d, count: 64)
    let all = texts.flatMap { Array($0.text.utf8) + padding }
    var counts: [[Int]] = []
    unsafe all.withUnsafeBytes { all in
      var at = 0
      var pieces = texts.map { text, unit in
        let end = at + text.utf8.count
        defer { at = end + padding.count }
        return unsafe FramePiece(UnsafeRawBufferPointer(rebasing: all[at..<end]), of: unit)
      }
      processor.process(&pieces, into: builder) { unit, refusal in
        refusals.append(refusal)
        refusedUnits.append(unit.source.peer)
      }
      counts = pieces.map { [$0.accepted, $0.refused] }
    }
    return (try takeEvents(), counts)
  }

  @discardableResult
  func process(_ text: String, unit: FrameUnit? = nil) throws -> [Event] {
    try process(Array(text.utf8), unit: unit)
  }

  /// The document of the only event in the text.
  func one(_ text: String, unit: FrameUnit? = nil) throws -> Event {
    let events = try process(text, unit: unit)
    try #require(events.count == 1, "\(refusals)")
    return events[0]
  }

  func takeEvents() throws -> [Event] {
    builder.seal()
    let blocks = builder.sealed
    builder.sealed = []
    var events: [Event] = []
    for block in blocks {
      let lines = block.bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      try #require(lines.count == block.items.count * 2 + 1 && lines.last?.isEmpty == true)
      for item in 0..<block.items.count {
        let action = try JsonValue.parse(Array(lines[item * 2]))
        let document = Array(lines[item * 2 + 1])
        let length = lines[item * 2].count + document.count + 2
        #expect(Int(block.items[item].rawLengthBytes) == length)
        events.append(
          Event(
            index: try #require(action["create"]?["_index"]?.string),
            id: try #require(action["create"]?["_id"]?.string),
            document: try JsonValue.parse(document),
            text: String(decoding: document, as: UTF8.self)))
      }
    }
    return events
  }

  static func unit(
    _ input: SourceContext.Input, peer: String = "test", whole: Bool = false
  ) -> FrameUnit {
    FrameUnit(source: SourceContext(input: input, peer: peer), keepsAllOccurrences: whole)
  }

  private struct FixedClock: Clock {
    func now() -> MonotonicTime { MonotonicTime(nanoseconds: 0) }
    func wallMilliseconds() -> Int64 { EventBench.arrivalMilliseconds }
  }
}
