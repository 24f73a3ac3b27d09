/// `sheepshipper explain`: what would become of events, and why. It starts no agent, sends nothing and writes nothing.
package struct ExplainRun {
  /// How the bytes would come in.
  package enum Way: Equatable, Sendable {
    /// As lines, of one of these inputs.
    case lines(SourceContext.Input)
    /// As the body of a request to a webhook's path.
    case webhook(path: String)
  }

  package struct Counts: Equatable, Sendable {
    package var taken: UInt64 = 0
    package var refused: UInt64 = 0
  }

  /// The most that is read.
  package static let inputBytesMax = 64 << 20

  private let rules: EventRules
  private let books: PriceBooks
  private let clock: any Clock
  /// Which key hashes are made with.
  package let keyNote: String

  /// - Throws: ``AgentError`` when the prices can not be read, ``PrivacyError`` when no key can be made.
  package init(_ configuration: Configuration, clock: any Clock = SystemClock()) throws {
    let settings = AgentSettings(configuration: configuration)
    let (key, note) = try Self.key(settings)
    rules = settings.eventRules(key)
    books = try settings.prices()
    keyNote = note
    self.clock = clock
  }

  /// The agent's key where it can be read; no secret is needed to explain.
  private static func key(_ settings: AgentSettings) throws -> (ContentKey, String) {
    let configuration = settings.configuration
    let path = "\(configuration.agent.stateDirectory)/content.key"
    let name = configuration.privacy.key == nil ? path : "privacy.key"
    var reason = "there is no \(path)"
    if configuration.privacy.key != nil || FileSystem.exists(path) {
      do {
        return (try settings.contentKey(), "Hashes are made with the agent's key (\(name)).")
      } catch { reason = "\(name) can not be read here" }
    }
    let secret = (0..<32).map { _ in UInt8.random(in: .min ... .max) }
    return (
      try ContentKey(secret),
      "Hashes are made with a temporary key, since \(reason): the agent's will be others."
    )
  }

  /// What a text most likely is: a whole JSON value over several lines, or an array, is a webhook's body.
  package static func way(of bytes: [UInt8]) -> Way {
    let isOne = (try? JsonValue.parse(bytes)).map { $0.members != nil || $0.elements != nil }
    let isArray = bytes.first { !$0.isJsonBlank } == UInt8(ascii: "[")
    let lines = bytes.split(separator: UInt8(ascii: "\n")).count
    return isOne == true && (lines > 1 || isArray)
      ? .webhook(path: "/v1/events") : .lines(.tcp)
  }

  /// Explains each frame, in order.
  package func run(
    _ bytes: [UInt8], as way: Way, each: (EventExplanation) -> Void
  ) throws -> Counts {
    let processor = try EventProcessor(rules: rules, prices: books, clock: clock, intake: 0)
    var counts = Counts()
    var failure: JsonError?
    func take(_ account: EventAccount) {
      do throws(JsonError) {
        let explained = try EventExplanation(account, books: books)
        if explained.isTaken { counts.taken += 1 } else { counts.refused += 1 }
        each(explained)
      } catch { failure = error }
    }
    // What reads ahead may read so far.
    let padded = bytes + [UInt8](repeating: UInt8(ascii: "]"), count: 64)
    unsafe padded.withUnsafeBytes { buffer in
      let whole = unsafe UnsafeRawBufferPointer(rebasing: buffer.prefix(bytes.count))
      switch way {
      case .lines(let input):
        let unit = FrameUnit(
          source: SourceContext(input: input, peer: "explain"), keepsAllOccurrences: false)
        unsafe processor.account(lines: whole, unit: unit, each: take)
      case .webhook(let path):
        unsafe cut(whole, path, processor, take)
      }
    }
    if let failure { throw failure }
    return counts
  }

  private func cut(
    _ bytes: UnsafeRawBufferPointer, _ path: String, _ processor: EventProcessor,
    _ take: (EventAccount) -> Void
  ) {
    var source = SourceContext(input: .webhook, peer: "explain")
    source.path = path
    let unit = FrameUnit(source: source, keepsAllOccurrences: true)
    var cutter = BodyCutter(frameBytesMax: rules.lineBytesMax)
    func refuse(_ reason: Refusal.Reason, _ message: String) {
      unit.frameCount += 1
      take(
        EventAccount(
          frame: [], number: unit.frameCount, outcome: nil,
          refusal: Refusal(
            reason: reason, frame: unit.frameCount, message: message, scrubbed: [])))
    }
    while true {
      switch unsafe cutter.next(in: bytes, isLast: true) {
      case .frame(let range):
        unsafe processor.account(
          frame: UnsafeRawBufferPointer(rebasing: bytes[range]), unit: unit, each: take)
      case .tooLong(let range):
        refuse(
          .tooLong,
          "The frame has at least \(range.count) bytes; the limit is \(rules.lineBytesMax) (inputs.tcp.line_max)."
        )
      case .broken(let why): return refuse(.notJson, "The array is broken: \(why).")
      case .more, .ended: return
      }
    }
  }
}
