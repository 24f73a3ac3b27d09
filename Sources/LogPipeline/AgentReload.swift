import Synchronization

/// Reads the configuration again while the agent runs: all that can be taken over is, or nothing at all. Any thread.
final class AgentReload: Sendable {
  private struct State {
    /// What holds now.
    var running: Configuration
    var prices: PriceCatalog
    var watches: [FileWatch]
  }
  private let state: Mutex<State>
  /// nil: there is nothing to read again but credentials.
  private let source: ConfigurationSource?
  private let contentKey: ContentKey
  private let isQuiet: Bool
  private let clock: any Clock
  /// What threads that make events take over.
  let updates = RuleUpdates()
  /// Credentials and keys that lie in files.
  private let onReload: Mutex<(@Sendable () -> Void)?> = Mutex(nil)

  init(
    _ configuration: Configuration, source: ConfigurationSource?, prices: PriceCatalog,
    contentKey: ContentKey, isQuiet: Bool, clock: any Clock
  ) {
    (self.source, self.contentKey, self.isQuiet) = (source, contentKey, isQuiet)
    self.clock = clock
    state = Mutex(
      State(
        running: configuration, prices: prices, watches: Self.watches(configuration, source)))
  }

  func setOnReload(_ body: @escaping @Sendable () -> Void) { onReload.withLock { $0 = body } }

  /// Reads all of it again, checks it, takes it over.
  func reload() -> ReloadReport {
    let report = state.withLock { reload(&$0) }
    if report.refusal == nil { onReload.withLock { $0 }?() }
    return report
  }

  /// The same if a file has changed; nil: none has. Once a second.
  func look() -> ReloadReport? {
    let isChanged = state.withLock { state in
      // Each is looked at, also behind one that has changed.
      state.watches.indices.reduce(false) { state.watches[$1].hasChanged() || $0 }
    }
    return isChanged ? reload() : nil
  }

  private func reload(_ state: inout State) -> ReloadReport {
    var report = ReloadReport(source: source?.file ?? "the settings")
    do {
      let wanted = try source?.load().configuration ?? state.running
      report.changes = ConfigurationChange.all(from: state.running, to: wanted)
      let running = ConfigurationChange.applied(wanted, to: state.running)
      // Before they are read, and also when they are refused: what is wrong with them may be mended.
      watch(running, &state)
      let settings = AgentSettings(configuration: running)
      let prices = try PriceCatalog.inEffect(file: running.pricing.file)
      let rules = settings.eventRules(contentKey)
      try settings.readCredentials()
      // What threads will do with them is tried here first.
      _ = try EventProcessor(rules: rules, prices: prices.books, clock: clock, intake: 0)
      report.notePrices(PriceDifference(from: state.prices, to: prices))
      if running.log.level != state.running.log.level {
        Log.setMinimum(isQuiet ? max(running.log.level, .warning) : running.log.level)
      }
      updates.publish(rules, prices.books)
      (state.running, state.prices) = (running, prices)
    } catch {
      report.refusal = "\(error)"
    }
    report.watched = state.watches.map(\.path)
    return report
  }

  /// The files of what holds now and of what is wanted.
  private func watch(_ wanted: Configuration, _ state: inout State) {
    let old = state.watches
    var watches = Self.watches(state.running, source)
    watches += Self.watches(wanted, source).filter { new in
      !watches.contains { $0.path == new.path }
    }
    // One that is known already may be about to tell of a change.
    state.watches = watches.map { new in old.first { $0.path == new.path } ?? new }
  }

  private static func watches(
    _ configuration: Configuration, _ source: ConfigurationSource?
  ) -> [FileWatch] {
    guard let source else { return [] }
    return [source.file, configuration.pricing.file].compactMap(\.self).map { FileWatch($0) }
  }
}
