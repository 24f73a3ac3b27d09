import Synchronization

/// Sends events to Elasticsearch: owns the senders and their threads.
///
/// Made, started, then either waited for (the source ends) or stopped. Once.
package final class Delivery: Sendable {
  private let context: DeliveryContext
  private let threads = Mailbox<PosixThread>(capacity: 8)

  /// Checks the settings; sends nothing yet.
  ///
  /// - Parameters:
  ///   - source: the ring, or replay's window.
  ///   - settings: where to and how.
  ///   - template: nil, or `settings.installsTemplate` off: none is looked at.
  ///   - deadLetters: takes what will never be accepted.
  ///   - delivered: takes what is in its index; nil: nobody asks.
  ///   - clock: for deadlines and the dates of dead letters.
  ///   - seed: of the jitter.
  /// - Throws: ``DeliveryError`` for hosts, credentials or certificates that can not be used.
  package init(
    source: any BlockSource, settings: ElasticsearchConfiguration, template: IndexTemplate?,
    deadLetters: DeadLetterWriter, delivered: DeliveredIds? = nil,
    clock: any Clock = SystemClock(),
    seed: UInt64 = UInt64.random(in: 0 ... .max)
  ) throws(DeliveryError) {
    let hosts = try Self.check(settings)
    context = DeliveryContext(
      settings: settings, hosts: hosts, source: source, deadLetters: deadLetters,
      template: template, delivered: delivered, clock: clock, seed: seed)
  }

  /// Whether hosts, credentials and certificates can be used.
  ///
  /// - Returns: the hosts' addresses.
  @discardableResult
  static func check(_ settings: ElasticsearchConfiguration) throws(DeliveryError) -> [String] {
    let hosts = try Hosts.checked(settings.hosts)
    _ = try settings.credentials.authorization()
    for (setting, path) in settings.tls.files {
      do { _ = try FileSystem.read(path, limitBytes: 16 << 20) } catch {
        throw .unreadableCertificates(setting: setting, path: path, reason: error.description)
      }
    }
    return hosts
  }

  /// Starts the senders, each on a thread of its own.
  package func start() throws(SystemError) {
    let context = context
    for number in context.controls.indices {
      threads.force(
        try PosixThread("sender \(number + 1)") { Self.runSender(number, context) })
    }
  }

  /// Returns when all senders have come to their end: after `stop`, or when the source has ended and all is settled.
  /// For one thread: a `stop` from another one may return before.
  package func join() {
    threads.close()
    while let thread = threads.take() { thread.join() }
  }

  /// No new leases; requests under way may finish until `deadline` and are cut off then (within a second).
  /// What is not settled is given back to the source. Returns when all senders have ended.
  package func stop(until deadline: MonotonicTime) {
    context.stop.ask(abortAt: deadline)
    for control in context.controls { control.close() }
    join()
  }

  /// Has each sender read credentials that lie in files again before its next request. Certificates need no such: they
  /// are read with each new connection.
  package func reload() { context.reloads.add(1, ordering: .releasing) }

  package var snapshot: DeliverySnapshot { context.monitor.snapshot }

  /// Whether all senders have come to their end.
  package var hasFinished: Bool { snapshot.states.allSatisfy { $0 == .stopped } }

  private static func runSender(_ number: Int, _ context: DeliveryContext) {
    while !context.stop.isAsked {
      do throws(DeliveryError) {
        return try Sender(number: number, context: context).run()
      } catch {
        // The settings were good at the start: a file that is just being replaced, or no memory.
        Log.error("\(error)")
        _ = context.controls[number].take(until: context.clock.now() + context.settings.retryMax)
      }
    }
    context.monitor.setState(.stopped, of: number)
  }
}
