import LogPipeline
import Synchronization
import TestSupport

/// What is known of each event of a crash run: sent, answered 200, stored, refused by the sink. One bit each.
final class CrashBooks: Sendable {
  enum Stream: UInt8, CaseIterable, Sendable {
    case webhook = 0x77  // w
    case tcp = 0x74  // t
    case replay = 0x72  // r

    var name: String { String(UnicodeScalar(rawValue)) }
  }

  struct Page: Sendable {
    /// Numbers below it were sent, wholly or in part.
    var sent = 0
    /// Of the webhook.
    var answered = NumberSet()
    var stored = NumberSet()
    /// The sink can never take these.
    var refused = NumberSet()
  }

  private struct State {
    var pages: [Stream: Page] = [:]
    var problems: [String] = []
    /// Events in bodies that were sent again because no answer had come.
    var resent = 0
    /// Of the webhook: no answer came; may be there or not.
    var unanswered: Range<Int>?
  }
  private let state = Mutex(State())

  /// What the sink stores never: one event in 997.
  static func isPoison(_ number: Int) -> Bool { number % 997 == 500 }

  func page(_ stream: Stream) -> Page { state.withLock { $0.pages[stream] ?? Page() } }
  /// What the sink saw that must not be.
  var problems: [String] { state.withLock { $0.problems } }
  var resentCount: Int { state.withLock { $0.resent } }

  /// The next numbers of a stream, counted as sent.
  func begin(_ count: Int, of stream: Stream) -> Range<Int> {
    state.withLock { state in
      let first = state.pages[stream, default: Page()].sent
      state.pages[stream, default: Page()].sent = first + count
      return first..<first + count
    }
  }

  /// The body that got no answer, once.
  func takeUnanswered() -> Range<Int>? {
    state.withLock { state in
      defer { state.unanswered = nil }
      state.resent += state.unanswered?.count ?? 0
      return state.unanswered
    }
  }

  func noteUnanswered(_ range: Range<Int>) { state.withLock { $0.unanswered = range } }

  func noteAnswered(_ range: Range<Int>) {
    state.withLock { state in
      for number in range { state.pages[.webhook, default: Page()].answered.insert(number) }
    }
  }

  /// The sink's side: a document under an id it has not seen yet.
  func take(_ document: [UInt8]) -> FaultyBulkServer.Fate {
    let found = Self.event(of: document)
    return state.withLock { state in
      guard let (stream, number) = found else {
        state.problems.append("the sink got a document without a request id of this run")
        return .stored
      }
      if number >= state.pages[stream, default: Page()].sent {
        state.problems.append("\(stream.name)-\(number) was never sent")
      }
      if Self.isPoison(number) {
        state.pages[stream, default: Page()].refused.insert(number)
        return .refusedForGood
      }
      if !state.pages[stream, default: Page()].stored.insert(number) {
        state.problems.append("\(stream.name)-\(number) is stored twice, under two ids")
      }
      return .stored
    }
  }

  /// Reads `"request_id":"w-123"`.
  static func event(of document: [UInt8]) -> (Stream, Int)? {
    let key: StaticString = "\"request_id\":\""
    guard let at = unsafe document.withUnsafeBytes({ unsafe ByteScan.first(key, in: $0) }) else {
      return nil
    }
    let start = at + key.utf8CodeUnitCount
    guard start + 2 < document.count, let stream = Stream(rawValue: document[start]) else {
      return nil
    }
    var number: Int?
    var place = start + 2
    while place < document.count, 0x30...0x39 ~= document[place] {
      number = (number ?? 0) * 10 + Int(document[place] - 0x30)
      place += 1
    }
    return number.map { (stream, $0) }
  }

  /// The line of an event, without its end.
  static func line(_ number: Int, of stream: Stream) -> String {
    RelayEvents.event(number, run: stream.name).line
  }
}
