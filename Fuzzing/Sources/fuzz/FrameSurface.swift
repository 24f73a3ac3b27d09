import LogPipeline

/// Lines as they come over TCP or from a file, through the parser, the prices and the redactor, to bulk lines.
///
/// Each item of a block is two lines, the first one ours; and lines one by one become the same as all at once.
final class FrameSurface: Surface {
  private let processor: EventProcessor
  private let builder = BlockBuilder(intake: 0)
  private static let documentBytesMax = 256 << 10
  private static let indexStart = "holysheep-logs-"

  init() throws {
    let key = try ContentKey(Array("0123456789abcdef0123456789abcdef".utf8))
    processor = try EventProcessor(
      rules: EventRules(contentKey: key), prices: try PriceBooks.load(Resources.prices),
      clock: StandingClock(), intake: 0)
  }

  /// Events without a time of their own get that of their arrival.
  private struct StandingClock: Clock {
    func now() -> MonotonicTime { MonotonicTime(nanoseconds: 0) }
    func wallMilliseconds() -> Int64 { 1_795_219_200_000 }
  }

  func run(_ input: [UInt8]) {
    let whole = process([input[...]])
    let parts = input.split(separator: 0x0A, omittingEmptySubsequences: false)
    let single = process(parts.dropLast().map { $0 + [0x0A] } + parts.suffix(1))
    require(whole == single, "lines one by one become what they become together")
  }

  /// One frame of a body: it becomes an event or a refusal.
  func take(_ frame: [UInt8]) {
    let unit = FrameUnit(
      source: SourceContext(input: .webhook, peer: "fuzz"), keepsAllOccurrences: true)
    var refusals = 0
    let padded = frame + [UInt8](repeating: 0x5D, count: 64)
    let isTaken = unsafe padded.withUnsafeBytes {
      unsafe processor.process(
        frame: UnsafeRawBufferPointer(rebasing: $0.prefix(frame.count)), unit: unit, into: builder
      ) { _ in refusals += 1 }
    }
    require(refusals == (isTaken ? 0 : 1), "a frame is taken or refused")
    require(takeBlocks().items == 1 - refusals, "a frame that is taken is an item")
  }

  private struct Outcome: Equatable {
    var bytes: [UInt8] = []
    var items = 0
    var refused = 0
  }

  private func process(_ pieces: [ArraySlice<UInt8>]) -> Outcome {
    var outcome = Outcome()
    var refusals = 0
    // A file's frames get their ids from their lines, so that the same bytes get the same ones.
    let unit = FrameUnit(
      source: SourceContext(input: .file, peer: "fuzz"), keepsAllOccurrences: true)
    for piece in pieces where !piece.isEmpty {
      let padded = piece + [UInt8](repeating: 0x5D, count: 64)
      let counts = unsafe padded.withUnsafeBytes {
        unsafe processor.process(
          lines: UnsafeRawBufferPointer(rebasing: $0.prefix(piece.count)), unit: unit, into: builder
        ) { _ in refusals += 1 }
      }
      outcome.items += counts.accepted
      outcome.refused += counts.refused
    }
    require(refusals == outcome.refused, "each refused frame is told")
    let (bytes, items) = takeBlocks()
    outcome.bytes = bytes
    require(items == outcome.items, "an accepted frame is an item")
    return outcome
  }

  /// All that the builder has, checked.
  private func takeBlocks() -> (bytes: [UInt8], items: Int) {
    builder.seal()
    defer { builder.sealed = [] }
    for block in builder.sealed { check(block) }
    return (builder.sealed.flatMap(\.bytes), builder.sealed.reduce(0) { $0 + $1.items.count })
  }

  private func check(_ block: RawBlock) {
    let lines = block.bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    require(lines.count == block.items.count * 2 + 1 && lines.last == [], "an item is two lines")
    for (index, item) in block.items.enumerated() {
      let (action, document) = (lines[index * 2], lines[index * 2 + 1])
      require(
        Int(item.rawLengthBytes) == action.count + document.count + 2, "an item's length is told")
      check(action: Array(action))
      require(document.count <= Self.documentBytesMax, "a document is small")
      guard let parsed = try? JsonValue.parse(Array(document)), parsed.members != nil else {
        fatalError("broken: a document is a JSON object")
      }
      checkKeys(of: parsed)
    }
  }

  private func check(action: [UInt8]) {
    let members = (try? JsonValue.parse(action))?.members ?? []
    let target = members.first?.value.members ?? []
    let index = target.first?.value.string ?? ""
    require(
      members.map(\.key) == ["create"] && target.map(\.key) == ["_index", "_id"]
        && index.hasPrefix(Self.indexStart)
        && index.utf8.dropFirst(Self.indexStart.utf8.count).allSatisfy {
          (0x30...0x39).contains($0) || $0 == 0x2E
        } && target.last?.value.string?.isEmpty == false,
      "an action is a create in one of our indices")
  }

  private func checkKeys(of value: JsonValue) {
    for element in value.elements ?? [] { checkKeys(of: element) }
    guard let members = value.members else { return }
    require(Set(members.map(\.key)).count == members.count, "a document has each key once")
    for member in members { checkKeys(of: member.value) }
  }
}
