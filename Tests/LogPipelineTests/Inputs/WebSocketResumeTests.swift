import LogPipeline
import Synchronization
import TestSupport
import Testing

/// Goal: a sender that lost its connection learns what is on disk, and what it sends again is known as the same.
@Suite struct WebSocketResumeTests {
  @Test func `a sender that connects again is told its last durable message`() throws {
    let harness = try IntakeHarness(sink: MemorySink(isDurableAtOnce: false))
    var first: WebSocketClient? = try harness.stream("?sender=a&from=11")
    #expect(try first?.next()?.text == "{\"resume\":null,\"next\":11}")
    for number in 1...3 { try first?.send("{\"n\":\(number)}") }
    #expect(eventually { harness.sink.frameCount == 3 })
    // It goes before it is told; what it sent becomes durable all the same.
    first = nil
    #expect(first == nil && eventually { harness.intake.snapshot.streamsOpen == 0 })
    harness.sink.makeDurable()
    #expect(eventually { harness.intake.snapshot.inHand == 0 })
    let next = try harness.stream("?sender=a")
    #expect(try next.next()?.text == "{\"resume\":13,\"next\":14}")
    try next.send("{\"n\":4}")
    #expect(eventually { harness.sink.frameCount == 4 })
    harness.sink.makeDurable()
    #expect(try next.nextMessage()?["ack"]?.integer == 14)
    #expect(try harness.stream("?sender=b").next()?.text == "{\"resume\":null,\"next\":1}")
  }

  @Test func `nothing is said to be durable that a sender counts anew`() throws {
    let harness = try IntakeHarness()
    let first = try harness.stream("?sender=a&from=100")
    try first.send("{\"n\":1}")
    #expect(try first.acks(until: 100).last?["ack"]?.integer == 100)
    // Its life began anew, and ended before a message was durable.
    let second = try harness.stream("?sender=a&from=1")
    #expect(try second.next()?.text == "{\"resume\":100,\"next\":1}")
    let third = try harness.stream("?sender=a")
    #expect(try third.next()?.text == "{\"resume\":0,\"next\":1}")
  }

  @Test func `the newest connection of a sender ends the one before`() throws {
    let harness = try IntakeHarness()
    let first = try harness.stream("?sender=a")
    try first.send("{\"n\":1}")
    #expect(try first.acks(until: 1).count == 1)
    let second = try harness.stream("?sender=a")
    #expect(try second.next()?.text == "{\"resume\":1,\"next\":2}")
    #expect(try first.closeCode() == 1008)
    #expect(eventually { harness.intake.snapshot.streamReplaced == 1 })
    try second.send("{\"n\":2}")
    #expect(try second.acks(until: 2).count == 1)
  }

  @Test func `who counts itself gives its messages a place, the same when they come again`() throws
  {
    let harness = try IntakeHarness()
    func place(_ query: String, messages: Int) throws -> UInt64? {
      let client = try harness.stream(query)
      for _ in 0..<messages { try client.send("{}") }
      let from = query.contains("from=7") ? 7 : 1
      #expect(try client.acks(until: Int64(from + messages - 1)).isEmpty == false)
      return harness.newestSource?.place
    }
    let seventh = try place("?sender=a&from=7", messages: 1)
    #expect(seventh != nil)
    #expect(try place("?sender=a&from=1", messages: 7) == seventh)
    #expect(try place("?sender=b&from=7", messages: 1) != seventh)
    #expect(try place("?sender=a&from=7", messages: 2) != seventh)
    // Without one of the two nobody knows whether it is the same message.
    #expect(try place("?sender=c", messages: 1) == nil)
    #expect(try place("?from=7", messages: 1) == nil)
  }

  @Test func `an event without a time has the same id in the same place, and another elsewhere`()
    throws
  {
    let bench = try EventBench()
    func ids(_ place: UInt64?) throws -> [String] {
      var source = SourceContext(input: .webhook, peer: "test")
      source.place = place
      let unit = FrameUnit(source: source, keepsAllOccurrences: true)
      return try bench.process("{\"model\":\"m\"}\n{\"model\":\"m\"}\n", unit: unit).map(\.id)
    }
    let first = try ids(7)
    #expect(Set(first).count == 2)
    #expect(try ids(7) == first)
    #expect(Set(try ids(8) + first).count == 4)
    #expect(try ids(nil) != ids(nil))
  }

  @Test func `acknowledgements gather what is durable, in order, with a bounded list`() {
    var acks = WebSocketAcks()
    let refused = (0..<80).map {
      WebSocketAck.Refused(sequence: 1, line: UInt64($0), reason: .notJson, message: "\"x\"")
    }
    acks.add(WebSocketAck(sequence: 1, ticket: 0, accepted: 0, refused: refused, refusedCount: 80))
    acks.add(WebSocketAck(sequence: 2, ticket: 5, accepted: 2))
    acks.add(WebSocketAck(sequence: 3, ticket: 0, accepted: 0, refused: refused, refusedCount: 80))
    acks.add(WebSocketAck(sequence: 4, ticket: 6, accepted: 4))
    #expect(acks.advance(to: 4) == 1)
    #expect(acks.advance(to: 4) == nil)
    #expect(acks.advance(to: 5) == 3)
    let ready = acks.takeReady()
    #expect(ready?.sequence == 3)
    #expect(ready?.accepted == 2)
    #expect(ready?.refused.count == 100)
    #expect(ready?.refusedCount == 160)
    #expect(ready?.json.hasSuffix("],\"refused_count\":160}") == true)
    #expect(acks.takeReady() == nil)
    #expect(acks.isWaiting)
    #expect(acks.advance(to: 6) == 4)
    #expect(acks.takeReady()?.json == "{\"ack\":4,\"accepted\":4,\"refused\":[]}")
  }

  private func name(_ text: String, team: String? = nil) -> WebSocketSenders.Name {
    WebSocketSenders.Name(team: team, sender: text)
  }
  private let start = MonotonicTime(nanoseconds: 1_000_000_000)

  @Test func `senders are remembered for a time, and not more of them than so many`() {
    let senders = WebSocketSenders(countMax: 2, kept: .seconds(10))
    func note(_ last: UInt64, of text: String, at now: MonotonicTime) {
      let claim = senders.begin(name(text), from: nil, at: now) { _ in }.claim
      senders.note(last, by: claim, at: now)
      senders.release(claim)
    }
    note(5, of: "a", at: start)
    #expect(senders.last(of: name("a"), at: start + .seconds(10)) == 5)
    #expect(senders.last(of: name("a"), at: start + .seconds(11)) == nil)
    #expect(senders.last(of: name("a", team: "t"), at: start) == nil)
    note(6, of: "b", at: start + .seconds(1))
    note(7, of: "c", at: start + .seconds(2))
    let later = start + .seconds(2)
    #expect(senders.last(of: name("a"), at: later) == nil)
    #expect(senders.last(of: name("b"), at: later) == 6)
    let anew = senders.begin(name("b"), from: 4, at: later) { _ in }
    #expect(anew.last == 6 && anew.next == 4)
    let behind = senders.begin(name("c"), from: 9, at: later) { _ in }
    #expect(behind.last == 7 && behind.next == 9)
    #expect(senders.last(of: name("b"), at: later) == 3)
    #expect(senders.last(of: name("c"), at: later) == 7)
    #expect(senders.begin(name("c"), from: nil, at: later) { _ in }.next == 8)
  }

  @Test func `only the newest stream of a sender speaks for it, and the older one is told`() {
    let senders = WebSocketSenders(countMax: 2, kept: .seconds(10))
    let told = Mutex<[WebSocketSenders.Claim]>([])
    func begin(from: UInt64?) -> WebSocketSenders.Beginning {
      senders.begin(name("a"), from: from, at: start) { claim in
        told.withLock { $0.append(claim) }
      }
    }
    let first = begin(from: nil).claim
    senders.note(5, by: first, at: start)
    let second = begin(from: 1)
    #expect(second.last == 5 && second.next == 1)
    #expect(told.withLock { $0 } == [first])
    senders.note(8, by: first, at: start)
    #expect(senders.last(of: name("a"), at: start) == 0)
    senders.note(1, by: second.claim, at: start)
    // Its end is not that of the sender's newest stream.
    senders.release(first)
    senders.note(2, by: second.claim, at: start)
    #expect(senders.last(of: name("a"), at: start) == 2)
    senders.release(second.claim)
    #expect(begin(from: nil).next == 3)
    #expect(told.withLock { $0 } == [first])
  }
}
