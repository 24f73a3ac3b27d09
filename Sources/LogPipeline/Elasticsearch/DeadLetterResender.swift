import Synchronization

/// Sends dead letters to their indices once more, beside the senders and over a connection of its own: the same hosts,
/// credentials and judgement, but no queue. What is not taken at once is said, and stays open.
///
/// Safe from any thread; one call at a time works, others wait.
package final class DeadLetterResender: Sendable {
  private static let itemsMax = 500
  /// For all of one call; requests under way end within their own time.
  private static let callMax = Duration.seconds(120)
  private static let requestMax = Duration.seconds(30)

  private let settings: ElasticsearchConfiguration
  private let hosts: [String]
  private let resolutions: DeadLetterResolutions
  /// Where what is in its index is recorded.
  private let delivered: DeliveredIds?
  private let dayOf: @Sendable (String) -> Int32?
  private let clock: any Clock
  private let stop = StopSignal()
  private let counts = Mutex<[String: UInt64]>([:])
  private let turn = Mutex(())

  /// - Parameters:
  ///   - settings: as the senders have them.
  ///   - files: the letters', for notes of what is done with.
  ///   - delivered: takes what is in its index; nil: nobody asks.
  ///   - dayOf: the day of an index, nil when it is none of ours.
  ///   - clock: for time limits.
  /// - Throws: ``DeliveryError`` for hosts that can not be used.
  package init(
    settings: ElasticsearchConfiguration, files: DeadLetterFiles, delivered: DeliveredIds? = nil,
    dayOf: @escaping @Sendable (String) -> Int32? = { _ in nil }, clock: any Clock = SystemClock()
  ) throws(DeliveryError) {
    hosts = try Hosts.checked(settings.hosts)
    var settings = settings
    settings.requestTimeout = min(settings.requestTimeout, Self.requestMax)
    settings.serverTimeout = min(settings.serverTimeout, settings.requestTimeout * 0.4)
    self.settings = settings
    resolutions = DeadLetterResolutions(files)
    (self.delivered, self.dayOf) = (delivered, dayOf)
    self.clock = clock
  }

  /// How many came to each end since the start.
  package var counted: [(outcome: String, count: UInt64)] {
    let counts = counts.withLock { $0 }
    return ResendOutcome.names.map { ($0, counts[$0, default: 0]) }
  }

  /// Of the senders' and its own: see ``DeliveredIds/unrecordedCount``.
  package var unrecordedCount: UInt64 { delivered?.unrecordedCount ?? 0 }

  /// A call under way is cut off; later ones send nothing.
  package func stopSending() { stop.ask(abortAt: clock.now()) }

  /// Sends them and notes durably which are done with.
  ///
  /// - Returns: what came of each, by position; and why the done ones could not be noted: they are sent again then, and
  ///   found to be there.
  package func resend(_ letters: [ResentLetter]) -> (outcomes: [ResendOutcome], notNoted: String?) {
    turn.withLock { _ in
      let outcomes = sendAll(letters)
      counts.withLock { counts in for outcome in outcomes { counts[outcome.name, default: 0] += 1 }
      }
      let now = clock.wallMilliseconds()
      let resolved = zip(letters, outcomes).compactMap { letter, outcome in
        outcome.resolution.map {
          DeadLetterResolution(
            letter.place, $0, isEdited: letter.isEdited, atMilliseconds: now)
        }
      }
      record(letters, outcomes)
      do throws(SystemError) { try resolutions.append(resolved) } catch {
        Log.error(
          "Dead letters were delivered, but that can not be noted: they stay open and can be sent again without harm",
          ("reason", error.description))
        return (outcomes, error.description)
      }
      return (outcomes, nil)
    }
  }

  private func record(_ letters: [ResentLetter], _ outcomes: [ResendOutcome]) {
    guard let delivered else { return }
    var batch = DeliveredBatch()
    var days: [String: Int32?] = [:]
    for (letter, outcome) in zip(letters, outcomes) where outcome.resolution != nil {
      let day = days[letter.index] ?? dayOf(letter.index)
      days[letter.index] = .some(day)
      if let day, let fingerprint = EventIdText.fingerprint(of: letter.place.id) {
        batch.add(day: day, fingerprint: fingerprint)
      }
    }
    delivered.write(batch)
  }

  private func sendAll(_ letters: [ResentLetter]) -> [ResendOutcome] {
    var run: ResendRun
    do throws(DeliveryError) {
      run = ResendRun(
        hosts: hosts, transport: try Transport(settings, stop: stop, clock: clock), stop: stop,
        path: settings.bulkPath, clock: clock, deadline: clock.now() + Self.callMax)
    } catch {
      return letters.map { _ in .unavailable(reason: error.description) }
    }
    var outcomes = letters.map { _ in ResendOutcome.unavailable(reason: "it was not tried") }
    var batch: [ResendRun.Item] = []
    var bytes = 0
    func sendBatch() {
      for (position, outcome) in run.send(batch) { outcomes[position] = outcome }
      (batch, bytes) = ([], 0)
    }
    for (position, letter) in letters.enumerated() {
      guard let lines = letter.lines else {
        outcomes[position] = .refused(
          type: "not_sendable", reason: "it has no id or index, or its document is no JSON object")
        continue
      }
      if !batch.isEmpty, bytes + lines.count > settings.bodyBytesMax || batch.count >= Self.itemsMax
      {
        sendBatch()
      }
      batch.append(ResendRun.Item(position: position, lines: lines))
      bytes += lines.count
    }
    if !batch.isEmpty { sendBatch() }
    return outcomes
  }
}
