import LogPipeline
import Testing

@Suite struct SenderBookTests {
  private func figures(_ name: String, bytes: UInt64) -> SenderFigures {
    var figures = SenderFigures(name)
    figures.bytes = bytes
    figures.connections = 1
    return figures
  }

  @Test func `however many addresses come, the sums stay and the largest are shown`() {
    var book = SenderBook()
    for number in 1...5000 {
      book.close(figures("peer", bytes: UInt64(number)), of: "10.0.\(number / 256).\(number % 256)")
    }
    let shown = book.byAddress(with: [("192.0.2.1", figures("192.0.2.1:7", bytes: 1_000_000_000))])
    #expect(shown.count == 10)
    #expect(shown.first?.name == "192.0.2.1")
    #expect(shown.first?.connections == 1)
    let others = shown.first { $0.name == "others" }
    // The 256 largest are apart, or one of them stands for the others.
    #expect((others?.bytes ?? 0) >= UInt64((1...4744).reduce(0, +)))
    #expect(shown.allSatisfy { $0.name == "192.0.2.1" || $0.connections == 0 })
  }

  @Test func `one fault of one address is told once in ten minutes, another's beside it`() {
    var pace = PeerPace()
    let start = MonotonicTime(nanoseconds: 0)
    let answers = [
      pace.isDue("TLS", about: "a", at: start),
      pace.isDue("TLS", about: "a", at: start + .seconds(599)),
      pace.isDue("HTTP", about: "a", at: start),
      pace.isDue("TLS", about: "b", at: start),
      pace.isDue("TLS", about: "a", at: start + .seconds(600)),
    ]
    #expect(answers == [true, false, true, true, true])
    var told = 0
    for number in 0..<5000 where pace.isDue("TLS", about: "\(number)", at: start + .seconds(700)) {
      told += 1
    }
    #expect(told <= 1024)
    let isLateOneTold = pace.isDue("TLS", about: "late", at: start + .seconds(1400))
    #expect(isLateOneTold)
  }
}
