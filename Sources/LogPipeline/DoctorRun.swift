/// `sheepshipper doctor`: every check, in the order in which one thing needs another. It starts no agent and changes
/// nothing, but what `--round-trip` writes and takes away again.
package struct DoctorRun {
  private let loaded: Result<LoadedConfiguration, ConfigurationError>
  private let triesRoundTrip: Bool
  private let clock: any Clock

  /// `triesRoundTrip`: whether a document is written.
  package init(
    _ source: ConfigurationSource, triesRoundTrip: Bool, clock: any Clock = SystemClock()
  ) {
    do throws(ConfigurationError) { loaded = .success(try source.load()) } catch {
      loaded = .failure(error)
    }
    (self.triesRoundTrip, self.clock) = (triesRoundTrip, clock)
  }

  /// Whether there is nothing to check.
  package var isConfigurationWrong: Bool { if case .failure = loaded { true } else { false } }

  /// Makes each check; `told` gets each finding at once.
  package func run(told: (DoctorFinding) -> Void = { _ in }) -> DoctorReport {
    var report = DoctorReport()
    func add(_ findings: [DoctorFinding]) {
      for finding in findings {
        report.add(finding)
        told(finding)
      }
    }
    add(ConfigurationCheck(loaded).run())
    guard case .success(let loaded) = loaded else { return report }
    let settings = AgentSettings(configuration: loaded.configuration)
    let server = checkServer(settings, add)
    let agent = RunningAgent.ask(
      ControlClient(path: settings.controlPath, clock: clock), clock: clock)
    checkMachine(settings, agent, server, add)
    add(SampleCheck(clock: clock) { try Self.explain($0, loaded.configuration) }.run())
    if triesRoundTrip {
      let event = SampleCheck.event(at: clock.wallMilliseconds())
      let document = (try? Self.explain(event, loaded.configuration))?.document
      if let server, let document {
        add(RoundTripCheck(server, document: document).run())
      } else {
        add([.skipped(RoundTripCheck.name, "there is no server, or no document")])
      }
    }
    return report
  }

  /// - Returns: nil where events go to no server.
  private func checkServer(
    _ settings: AgentSettings, _ add: ([DoctorFinding]) -> Void
  ) -> DoctorServer? {
    let configuration = settings.configuration
    guard settings.deliversToElasticsearch else {
      add([
        .skipped(
          "server",
          "none is set (elasticsearch.hosts): events go to daily files in "
            + configuration.archiveDirectory)
      ])
      return nil
    }
    let hosts = DoctorHosts(
      configuration.elasticsearch.hosts.map(DoctorHost.init),
      proxy: configuration.elasticsearch.proxy.map(DoctorHost.init))
    add(NameCheck(hosts).run())
    add(ReachCheck(hosts).run())
    do {
      let delivery = try self.delivery(settings)
      add(CertificateCheck(hosts, delivery, clock: clock).run())
      let server = try self.server(settings, delivery, hosts)
      add(CredentialsCheck(server, hosts, delivery.credentials).run())
      add(VersionCheck(server).run())
      add(PrivilegesCheck(server).run())
      add(TemplateCheck(server, isInstalled: configuration.elasticsearch.installsTemplate).run())
      add(MappingCheck(server).run())
      add(WriteBlockCheck(server).run())
      add(WatermarkCheck(server).run())
      add(ClockCheck(server, clock: clock).run())
      return server
    } catch {
      add([CredentialsCheck.unusable("\(error)")])
      return nil
    }
  }

  /// As the agent has it, but less patient.
  private func delivery(_ settings: AgentSettings) throws -> ElasticsearchConfiguration {
    var delivery = try settings.elasticsearch()
    delivery.connectTimeout = DoctorLimits.reach
    delivery.requestTimeout = DoctorLimits.answer
    delivery.idleTimeout = DoctorLimits.answer
    return delivery
  }

  private func server(
    _ settings: AgentSettings, _ delivery: ElasticsearchConfiguration, _ hosts: DoctorHosts
  ) throws -> DoctorServer {
    // A host that was found broken would only be waited for.
    var reached = delivery
    let good = hosts.hosts.filter { hosts.breaker(of: $0) == nil }
    if !good.isEmpty { reached.hosts = good.map(\.url) }
    let connection = try ServerConnection(reached)
    let today = Int32(clamping: clock.wallMilliseconds() / 86_400_000)
    return DoctorServer(
      settings.indexTemplate, index: settings.indexName(today), place: connection.host,
      send: connection.send)
  }

  private func checkMachine(
    _ settings: AgentSettings, _ agent: RunningAgent, _ server: DoctorServer?,
    _ add: ([DoctorFinding]) -> Void
  ) {
    let configuration = settings.configuration
    let folder = configuration.agent.stateDirectory
    add(ListenerCertificateCheck(configuration.inputs.tls.settings, clock: clock).run())
    add(StateFolderCheck(folder).run())
    add(
      DiskSpaceCheck(stateDirectory: folder, ringBytes: UInt64(configuration.ring.sizeBytes)).run())
    add(SyncTimeCheck(stateDirectory: folder, clock: clock).run())
    add(RingFileCheck(stateDirectory: folder, clock: clock).run())
    add(AgentCheck(agent).run())
    let (tcp, webhook) = (configuration.inputs.tcp.listen, configuration.inputs.webhook.listen)
    let doors = [
      ("inputs.tcp.listen", tcp), ("inputs.webhook.listen", webhook),
      ("admin.listen", configuration.admin.listen),
    ].compactMap { setting, listen in listen.map { PortCheck.Door(setting, $0) } }
    add(PortCheck(doors, agent).run())
    if let tcp {
      add(StrangersCheck(agent, listen: tcp.description, webhook: webhook?.description).run())
    }
    add(UnpricedModelsCheck(agent, server).run())
  }

  private static func explain(
    _ event: [UInt8], _ configuration: Configuration
  ) throws -> EventExplanation? {
    var explained: EventExplanation?
    _ = try ExplainRun(configuration).run(event, as: .lines(.tcp)) { explained = $0 }
    return explained
  }
}
