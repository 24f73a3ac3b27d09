import LogPipeline
import TestSupport

/// Running intakes on the same free loopback ports, a thread each, with one sink in memory.
final class IntakeGroupHarness {
  let sink: MemorySink
  let group: IntakeGroup
  private var isStopped = false

  init(
    threads: Int, sink: MemorySink = MemorySink(),
    _ adjust: (inout IntakeConfiguration) -> Void = { _ in }
  ) throws {
    Log.setMinimum(.silent)
    Environment.ignoreBrokenPipes()
    self.sink = sink
    group = try Self.make(threads: threads, sink: sink, adjust)
    for intake in group.intakes { sink.connect(to: intake) }
    try group.start()
  }

  /// Binds ports and starts nothing.
  static func make(
    threads: Int, sink: MemorySink = MemorySink(),
    _ adjust: (inout IntakeConfiguration) -> Void = { _ in }
  ) throws -> IntakeGroup {
    var configuration = IntakeConfiguration(
      tcp: TcpInputConfiguration(listen: "127.0.0.1:0"),
      webhook: WebhookConfiguration(listen: "127.0.0.1:0"))
    configuration.webhook?.checkInterval = .milliseconds(50)
    configuration.budgetBytes = threads * 24 << 20
    adjust(&configuration)
    let work = (0..<threads).map {
      IntakeWork(
        mill: FrameMill(processor: CopyingProcessor(), builder: BlockBuilder(intake: $0)))
    }
    return try IntakeGroup(configuration, work: work, sink: sink)
  }

  func tcp() throws -> LoopbackClient { try LoopbackClient(port: group.tcpPort ?? 0) }
  func http() throws -> LoopbackClient { try LoopbackClient(port: group.webhookPort ?? 0) }
  func stream(_ query: String = "") throws -> WebSocketClient {
    try WebSocketClient(port: group.webhookPort ?? 0, path: "/v1/stream" + query)
  }

  /// What `open` connects to the webhook, and the intake that has it. Only while nobody else connects.
  func located<Client>(_ open: () throws -> Client) throws -> (client: Client, intake: Int)? {
    let before = group.snapshots.map(\.webhookConnectionsTotal)
    let client = try open()
    var intake: Int?
    _ = eventually {
      intake =
        zip(before, group.snapshots).enumerated().first {
          $0.element.1.webhookConnectionsTotal > $0.element.0
        }?.offset
      return intake != nil
    }
    return intake.map { (client, $0) }
  }

  /// A webhook client that the kernel gave to another intake than this one.
  func http(besides intake: Int) throws -> LoopbackClient? {
    var others: [LoopbackClient] = []
    while others.count < 60 {
      guard let found = try located({ try http() }) else { return nil }
      if found.intake != intake { return found.client }
      others.append(found.client)
    }
    return nil
  }

  /// Stops in the order the agent does; whether all last blocks found room.
  @discardableResult
  func stop(reading: Duration = .seconds(5), answering: Duration = .seconds(10)) -> Bool {
    guard !isStopped else { return true }
    isStopped = true
    let now = SystemClock().now()
    group.requestStop(readUntil: now + reading, answerUntil: now + answering)
    let isHandedOver = group.waitUntilHandedOver()
    group.finishAnswers()
    group.join()
    sink.disconnect()
    return isHandedOver
  }

  /// The test has stopped it itself.
  func markStopped() {
    isStopped = true
    sink.disconnect()
  }

  deinit { stop(reading: .milliseconds(200), answering: .seconds(2)) }
}
