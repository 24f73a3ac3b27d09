/// What each stage is told, made from the operator's ``Configuration``.
package struct AgentSettings {
  let configuration: Configuration
  /// Of the ring's one delivery cursor. The archive and Elasticsearch share it: when an Elasticsearch is configured later,
  /// it gets what the archive has not got.
  private static let consumerName = "delivery"
  /// The ring's second consumer, where there is one.
  static let archiveName = "archive"

  package init(configuration: Configuration) { self.configuration = configuration }

  /// The index of a day (days since 1970); a data stream has one name.
  var indexName: @Sendable (Int32) -> String {
    let names = IndexNames(pattern: configuration.elasticsearch.destination)
    return { names.name(day: $0) }
  }

  /// The name of a day's archive file, without its ending: that of the daily index, also where there is none.
  var archiveName: @Sendable (Int32) -> String {
    let names = IndexNames(pattern: configuration.elasticsearch.archiveName)
    return { names.name(day: $0) }
  }

  /// What the server is to know of our indices.
  package var indexTemplate: IndexTemplate {
    let settings = configuration.elasticsearch
    let today = Int32(SystemClock().wallMilliseconds() / 86_400_000)
    return IndexTemplate(
      indexPattern: settings.indexPattern,
      fields: FieldTable.documentFields.map { ($0.name, $0.type) },
      isDataStream: settings.isDataStream, retention: settings.retention,
      sampleIndex: indexName(today))
  }

  /// The day of one of our indices; nil when it is none, or lies more than some thirty years away.
  var dayOfIndex: @Sendable (String) -> Int32? {
    let names = IndexNames(pattern: configuration.elasticsearch.destination)
    let today = Int32(clamping: SystemClock().wallMilliseconds() / 86_400_000)
    return { index in
      // Today, tomorrow, yesterday, and so on.
      (0..<20_000).lazy.map { today + Int32($0.isMultiple(of: 2) ? -$0 / 2 : $0 / 2 + 1) }
        .first { names.name(day: $0) == index }
    }
  }

  /// nil: no record of what was delivered is wanted.
  func deliveredIds(clock: any Clock) -> DeliveredIds? {
    let keep = configuration.elasticsearch.deliveredKept
    guard keep > .zero else { return nil }
    return DeliveredIds(
      stateDirectory: configuration.agent.stateDirectory, keep: keep, clock: clock)
  }

  /// Differs when other lines would become events: replay then numbers a file's events anew in the archive.
  var meaning: String {
    let inputs = configuration.inputs
    return
      "\(Versions.program) \(inputs.tcp.lineBytesMax) \(inputs.jsonDepthMax) \(inputs.keysMax)"
  }

  var refusedPath: String { "\(configuration.agent.stateDirectory)/refused.ndjson" }

  /// Where a running agent is told what to do.
  package var controlPath: String { "\(configuration.agent.stateDirectory)/control.sock" }

  var deadLettersPath: String { "\(configuration.agent.stateDirectory)/dead-letters.ndjson" }

  /// Where a pipe keeps its ring.
  var pipeFolder: String { "\(configuration.agent.stateDirectory)/pipe/\(configuration.pipe.name)" }
  var pipeRefusedPath: String { "\(pipeFolder)/refused.ndjson" }

  /// Where events go, for people.
  var destination: String { deliversToElasticsearch ? "elasticsearch" : "archive" }
  var deliversToElasticsearch: Bool { !configuration.elasticsearch.hosts.isEmpty }
  var writesArchiveBeside: Bool {
    deliversToElasticsearch && configuration.archive.isBesideElasticsearch
  }

  static func makeStateDirectory(_ folder: String) throws(AgentError) {
    do { try FileSystem.makeDirectories(folder) } catch {
      throw AgentError(
        "The state directory can not be used: \(error). Make it writable, or set agent.state_dir.",
        isConfiguration: true)
    }
  }

  /// - Throws: ISA-L is asked for and can not be used.
  package func compression() throws(AgentError) -> CompressionLibrary {
    switch configuration.ring.compression {
    case .zlib: return .zlib
    case .auto:
      if case .ready = IsalLibrary.found { return .isal }
      return .zlib
    case .isal:
      if case .ready = IsalLibrary.found { return .isal }
      throw AgentError(
        "ring.compression is isal, but \(IsalLibrary.found.explanation). Nothing was started and no event was touched. Or set it to auto or zlib.",
        isConfiguration: true)
    }
  }

  func ring(at path: String) throws(AgentError) -> RingConfiguration {
    RingConfiguration(
      path: path, sizeBytes: UInt64(configuration.ring.sizeBytes),
      groupDelay: configuration.ring.groupDelay, commitInterval: configuration.ring.commitInterval,
      compression: try compression(),
      consumers: [Self.consumerName] + (writesArchiveBeside ? [Self.archiveName] : []),
      whenFull: configuration.ring.whenFull == .dropOldest ? .dropOldest : .block,
      isVolatileDiskAllowed: configuration.ring.isVolatileDiskAllowed,
      // The archive knows by its sequences what it has, so it must get them in their order.
      isMovingAllowed: deliversToElasticsearch,
      lastKnownSequence: { [configuration, deliversToElasticsearch, writesArchiveBeside] stream in
        deliversToElasticsearch && !writesArchiveBeside
          ? 0 : ArchiveSequences.last(of: stream, in: configuration.archiveDirectory)
      })
  }

  /// Of all intakes together.
  func intake() throws(AgentError) -> IntakeConfiguration {
    var intake = IntakeConfiguration()
    let (tcp, webhook) = (configuration.inputs.tcp, configuration.inputs.webhook)
    if let listen = tcp.listen {
      var settings = TcpInputConfiguration(listen: listen.description)
      settings.tls = configuration.inputs.tls.use(tcp.tls)
      settings.connectionsMax = tcp.connectionsMax
      settings.connectionsPerAddressMax = tcp.connectionsPerAddressMax
      settings.idleMax = tcp.idle
      intake.tcp = settings
    }
    if let listen = webhook.listen {
      var settings = WebhookConfiguration(listen: listen.description)
      settings.tls = configuration.inputs.tls.use(webhook.tls)
      settings.paths = webhook.paths
      settings.tracesPath = webhook.tracesPath
      settings.tracesBytesMax = webhook.tracesBodyBytesMax
      settings.bearer = try bearerKeys()
      settings.hmac = try signingKeys()
      settings.signedAgeMax = webhook.signedAge
      settings.signedBytesMax = webhook.signedBodyBytesMax
      settings.idsMax = webhook.idsMax
      settings.idsKeep = webhook.idsKeep
      settings.connectionsMax = webhook.connectionsMax
      settings.connectionsPerAddressMax = webhook.connectionsPerAddressMax
      settings.wireBytesMax = webhook.bodyBytesMax
      settings.inflatedBytesMax = webhook.inflatedBytesMax
      settings.inflateRatioMax = webhook.ratioMax
      settings.headerBytesMax = webhook.headerBytesMax
      settings.headersMax = webhook.headersMax
      settings.headerTimeMax = webhook.headerTime
      settings.bodyBytesPerSecondMin = webhook.bodyRateBytesMin
      settings.idleMax = webhook.idle
      settings.roomWaitMax = webhook.roomWait
      settings.durableWaitMax = webhook.durableWait
      settings.discardBytesMax = webhook.discardBytesMax
      settings.stream = webhook.streamPath.map { path in
        var stream = WebSocketConfiguration()
        stream.path = path
        stream.pingInterval = webhook.streamPing
        stream.pongTimeMax = webhook.streamPing
        stream.messageBytesMax = webhook.streamMessageBytesMax
        return stream
      }
      intake.webhook = settings
    }
    intake.tls = configuration.inputs.tls.settings
    intake.lineBytesMax = tcp.lineBytesMax
    intake.budgetBytes = configuration.inputs.budgetBytes
    return intake
  }

  /// nil: no files are followed.
  func follow() -> FollowConfiguration? {
    let given = configuration.inputs.follow
    guard !given.paths.isEmpty else { return nil }
    let stateDirectory = configuration.agent.stateDirectory
    var follow = FollowConfiguration(
      paths: given.paths, folder: "\(stateDirectory)/follow", stateDirectory: stateDirectory)
    follow.intake = configuration.intake.threads
    follow.exclude = given.exclude
    follow.startsAtEnd = given.start == .end
    follow.poll = given.poll
    follow.rotateWait = given.rotateWait
    follow.filesMax = given.filesMax
    follow.lineBytesMax = configuration.inputs.tcp.lineBytesMax
    return follow
  }

  package func elasticsearch() throws(AgentError) -> ElasticsearchConfiguration {
    let given = configuration.elasticsearch
    var settings = ElasticsearchConfiguration(hosts: given.hosts.map(\.url))
    settings.credentials =
      switch given.credentials {
      case .none: .none
      case .apiKey(let secret): .apiKey(try source(of: secret))
      case .bearer(let secret): .bearer(try source(of: secret))
      case .basic(let user, let password):
        .basic(user: try text(of: user), password: try source(of: password))
      }
    settings.tls.caFile = given.tls.caFile
    settings.tls.certificateFile = given.tls.certificateFile
    settings.tls.keyFile = given.tls.keyFile
    settings.tls.fingerprint = given.tls.fingerprint
    settings.proxy = given.proxy?.url
    settings.deadShareMax = Double(given.deadSharePercentMax) / 100
    settings.indexPattern = given.indexPattern
    settings.compression = try compression()
    settings.bodyBytesMax = given.bodyBytes
    settings.senders = given.senders
    settings.flush = given.flush
    settings.requestTimeout = given.requestTimeout
    settings.idleTimeout = min(settings.idleTimeout, given.requestTimeout)
    // Some servers wait twice as long as they were told before they answer.
    settings.serverTimeout = settings.idleTimeout * 0.4
    settings.installsTemplate = given.installsTemplate
    return settings
  }

  /// How events become documents.
  package func eventRules(_ key: ContentKey) -> EventRules {
    var rules = EventRules(contentKey: key)
    rules.indexPattern = configuration.elasticsearch.destination
    rules.meaning = meaning(of: nil)
    rules.sources = configuration.sources.map { rule in
      var choice = SourceChoice(meaning(of: rule))
      choice.input = rule.match.input
      choice.path = rule.match.path
      choice.name = rule.match.name
      return choice
    }
    rules.userIds = configuration.privacy.user == .hmac ? .hmac : .keep
    rules.addresses = configuration.privacy.ip == .keep ? .keep : .truncate
    rules.lineBytesMax = configuration.inputs.tcp.lineBytesMax
    rules.depthMax = configuration.inputs.jsonDepthMax
    rules.keysMax = configuration.inputs.keysMax
    rules.eventBytesMax = configuration.inputs.eventBytesMax
    rules.pastMax = configuration.time.pastMax
    rules.futureMax = configuration.time.futureMax
    rules.idSeed = configuration.id.seed
    return rules
  }

  /// What a rule says of its sources; the general settings where it says nothing.
  private func meaning(of rule: SourceRule?) -> SourceMeaning {
    var meaning = SourceMeaning()
    meaning.book =
      switch rule?.book ?? configuration.pricing.book {
      case .auto: .auto
      case .direct: .direct
      case .holysheep: .holysheep
      }
    meaning.basis =
      switch rule?.basis ?? configuration.pricing.basis {
      case .split: .split
      case .total: .total
      case .output: .output
      }
    meaning.region = rule?.region
    meaning.content =
      switch rule?.content ?? configuration.privacy.content {
      case .drop: .drop
      case .redact: .redact
      case .keep: .keep
      }
    meaning.trustsTeamHeader = rule?.isTeamHeaderTrusted ?? false
    return meaning
  }

  /// The configured key, or one made at the first start and kept in the state directory.
  func contentKey() throws(AgentError) -> ContentKey {
    do {
      guard let secret = configuration.privacy.key else {
        return try ContentKey.loadOrCreate(
          path: "\(configuration.agent.stateDirectory)/content.key")
      }
      return try ContentKey(given: secret.resolve())
    } catch {
      // A folder that can not be written, rights that are too wide: all of it the operator's to mend.
      throw AgentError("\(error)", isConfiguration: true)
    }
  }

  /// The built-in price books, or the configured file's.
  func prices() throws(AgentError) -> PriceBooks { try priceCatalog().books }

  func priceCatalog() throws(AgentError) -> PriceCatalog {
    do throws(PriceToolError) {
      return try PriceCatalog.inEffect(file: configuration.pricing.file)
    } catch {
      throw AgentError(
        "The price books can not be used: \(error) Mend the file that pricing.file names.",
        isConfiguration: true)
    }
  }

  private func text(of secret: Secret) throws(AgentError) -> String {
    do { return try secret.resolveText() } catch {
      throw AgentError("\(error)", isConfiguration: true)
    }
  }

  /// Files are read again after a 401; what else there is was final at the start.
  private func source(of secret: Secret) throws(AgentError) -> CredentialSource {
    if case .file(let path) = secret.source { return .file(path) }
    return .value(try text(of: secret))
  }
}
