import LogPipeline
import Synchronization
import TestSupport

/// A running intake on free loopback ports, with a sink in memory.
final class IntakeHarness {
  let sink: MemorySink
  let intake: Intake
  /// Used unless the test brings a processor.
  private let copying = CopyingProcessor()
  private var isStopped = false

  init(
    sink: MemorySink = MemorySink(), refusedLog: RefusedLog? = nil,
    processor: (any FrameProcessing)? = nil, showsShapes: Bool = false,
    _ adjust: (inout IntakeConfiguration) -> Void = { _ in }
  ) throws {
    Log.setMinimum(.silent)
    Environment.ignoreBrokenPipes()
    var configuration = IntakeConfiguration(
      tcp: TcpInputConfiguration(listen: "127.0.0.1:0"),
      webhook: WebhookConfiguration(listen: "127.0.0.1:0"))
    configuration.webhook?.checkInterval = .milliseconds(50)
    adjust(&configuration)
    self.sink = sink
    intake = try Intake(
      configuration,
      mill: FrameMill(processor: processor ?? copying, builder: BlockBuilder(intake: 0)),
      sink: sink, refusedLog: refusedLog,
      scrub: showsShapes ? { RefusedFrame.shape(of: $0) } : { _ in [] })
    sink.connect(to: intake)
    try intake.start()
  }

  var newestSource: SourceContext? { copying.newestSource.withLock { $0 } }

  func tcp() throws -> LoopbackClient { try LoopbackClient(port: intake.tcpPort ?? 0) }
  func http() throws -> LoopbackClient { try LoopbackClient(port: intake.webhookPort ?? 0) }
  func stream(_ query: String = "", headers: [String] = []) throws -> WebSocketClient {
    try WebSocketClient(
      port: intake.webhookPort ?? 0, path: "/v1/stream" + query, headers: headers)
  }

  /// Stops in the order the agent does; whether the last block found room.
  @discardableResult
  func stop(reading: Duration = .milliseconds(200), answering: Duration = .seconds(2)) -> Bool {
    guard !isStopped else { return true }
    isStopped = true
    let now = SystemClock().now()
    intake.requestStop(readUntil: now + reading, answerUntil: now + answering)
    let isHandedOver = intake.waitUntilHandedOver()
    intake.finishAnswers()
    intake.join()
    sink.disconnect()
    return isHandedOver
  }

  /// The test has stopped it itself.
  func markStopped() { isStopped = true }

  deinit { stop() }
}

/// Lets a thread use what only it uses while it runs.
struct UncheckedBox<Value>: @unchecked Sendable {
  // @unchecked Sendable: the test joins the thread before it touches the value again.
  let value: Value
  init(_ value: Value) { self.value = value }
}
