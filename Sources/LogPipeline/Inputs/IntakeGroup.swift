/// The intakes of an agent, each a thread with listeners of its own on the same ports; to the agent they are as one.
///
/// The kernel deals new connections out (SO_REUSEPORT), and a connection stays with its intake. What a sender may find
/// again on another connection is in ``IntakeCommon``. Life as an ``Intake``'s.
package final class IntakeGroup: Sendable {
  /// In the order of their numbers, from 0.
  package let intakes: [Intake]
  private let common: IntakeCommon

  /// The ports that were bound; nil where none is configured.
  package var tcpPort: UInt16? { intakes[0].tcpPort }
  package var webhookPort: UInt16? { intakes[0].webhookPort }

  /// Binds the ports, of each intake; nothing is accepted before ``start()``.
  ///
  /// - Parameters:
  ///   - configuration: ports and limits of all together.
  ///   - work: one for each intake.
  ///   - sink: takes the blocks.
  ///   - refusedLog: lists the refused frames.
  ///   - clock: the system's, but for tests.
  ///   - scrub: takes what is private out of a refused frame's first bytes.
  /// - Throws: a port that is taken, or too few resources.
  package init(
    _ configuration: IntakeConfiguration, work: [IntakeWork], sink: any BlockSink,
    refusedLog: RefusedLog? = nil, clock: any Clock = SystemClock(),
    scrub: @escaping @Sendable ([UInt8]) -> [UInt8] = { _ in [] }
  ) throws(IntakeError) {
    invariant(!work.isEmpty, "there is an intake")
    let common = try IntakeCommon(configuration.part(0, of: work.count), clock: clock)
    self.common = common
    if work.count > 1 { try Self.tryPorts(configuration) }
    var wanted = configuration
    var intakes: [Intake] = []
    for number in work.indices {
      let intake = try Intake(
        wanted.part(number, of: work.count), mill: work[number].mill, sink: sink,
        refusedLog: refusedLog, clock: clock, scrub: scrub, common: common,
        publishMore: work[number].publish)
      intakes.append(intake)
      // Where the kernel was to choose a port, the first one's is everybody's.
      if let port = intake.tcpPort { wanted.tcp?.listen.setPort(port) }
      if let port = intake.webhookPort { wanted.webhook?.listen.setPort(port) }
    }
    self.intakes = intakes
  }

  /// Starts the threads.
  package func start() throws(IntakeError) {
    for intake in intakes { try intake.start() }
  }

  /// While the ring takes nothing for good, the webhook answers 503 at once. Any thread.
  package func setReadOnly(_ isReadOnly: Bool) {
    for intake in intakes { intake.setReadOnly(isReadOnly) }
  }

  /// Keys that lie in files are read again before the next request is judged. Any thread.
  package func reload() {
    for intake in intakes { intake.reload() }
  }

  /// Takes a certificate whose files have changed. Call it once a second from one thread.
  package func lookAtCertificate() { common.tls?.look() }

  /// How the certificate stands; nil: no input uses TLS. Any thread.
  package var certificate: TlsSnapshot? { common.tls?.snapshot }

  /// Whether each thread comes back from its work.
  package var pulses: [ThreadPulse] { intakes.map(\.pulse) }

  /// The counters of each as of its last turn. Any thread.
  package var snapshots: [IntakeSnapshot] { intakes.map(\.snapshot) }

  /// Of all together. Any thread.
  package var snapshot: IntakeSnapshot { IntakeSnapshot.sum(snapshots) }

  /// As ``Intake/requestStop(readUntil:answerUntil:)``.
  package func requestStop(readUntil: MonotonicTime, answerUntil: MonotonicTime) {
    for intake in intakes { intake.requestStop(readUntil: readUntil, answerUntil: answerUntil) }
  }

  /// Waits until the last block of each is with the sink. False: not all found room until `answerUntil`.
  package func waitUntilHandedOver() -> Bool {
    var isHandedOver = true
    for intake in intakes where !intake.waitUntilHandedOver() { isHandedOver = false }
    return isHandedOver
  }

  /// No more will become durable: each waiting request is answered for what is, then the threads end.
  package func finishAnswers() {
    for intake in intakes { intake.finishAnswers() }
  }

  /// Waits until the threads have ended; call it once.
  package func join() {
    for intake in intakes { intake.join() }
  }

  /// A port of another process of the same user that shares it, too, would be shared with that: it has to be free for a
  /// listener that shares nothing, which goes at once.
  private static func tryPorts(_ configuration: IntakeConfiguration) throws(IntakeError) {
    if let address = configuration.webhook?.listen {
      _ = try Intake.listen(on: address, setting: "inputs.webhook.listen", false)
    }
    if let address = configuration.tcp?.listen {
      _ = try Intake.listen(on: address, setting: "inputs.tcp.listen", false)
    }
  }
}

extension String {
  /// Of an address, "127.0.0.1:0" or "[::1]:0".
  fileprivate mutating func setPort(_ port: UInt16) {
    guard let colon = lastIndex(of: ":") else { return }
    self = "\(self[..<colon]):\(port)"
  }
}
