/// What must hold between settings that are each right alone.
enum ConfigurationChecks {
  struct Failure {
    let key: String
    let reason: String
    let allowed: String
    var suggestion: String?
  }

  struct Result {
    var errors: [Failure] = []
    /// Whole sentences.
    var warnings: [String] = []

    mutating func require(_ holds: Bool, _ key: String, _ reason: String, allowed: String) {
      if !holds { errors.append(Failure(key: key, reason: reason, allowed: allowed)) }
    }
  }

  static func run(_ configuration: Configuration) -> Result {
    var result = Result()
    checkSizes(configuration, &result)
    checkThreads(configuration, &result)
    checkListeners(configuration, &result)
    checkTls(configuration.inputs, &result)
    checkDelivery(configuration.elasticsearch, &result)
    result.require(
      configuration.privacy.user != .hmac || configuration.privacy.key != nil, "privacy.user",
      "hmac needs privacy.key, or equal users could not be told to be equal",
      allowed: "set privacy.key, or keep")
    warnOfKeptContent(configuration, &result)
    return result
  }

  /// Said at each start and by validate: who reads the log should know what is in it.
  private static func warnOfKeptContent(_ configuration: Configuration, _ result: inout Result) {
    var keys = configuration.privacy.content == .keep ? ["privacy.content"] : []
    keys += configuration.sources.indices.filter { configuration.sources[$0].content == .keep }
      .map { "sources[\($0)].content" }
    for key in keys {
      result.warnings.append(
        """
        \(key) is keep: what people write and models answer is stored in the ring, the archive and \
        the index, for everyone who may read those. Addresses, cards, keys and the like are taken \
        out; names and what people tell about themselves are not. See docs/events.md.
        """)
    }
  }

  private static func checkSizes(_ configuration: Configuration, _ result: inout Result) {
    let (inputs, webhook) = (configuration.inputs, configuration.inputs.webhook)
    let line = inputs.tcp.lineBytesMax
    let threads = configuration.intake.threads
    let forEach = threads == 1 ? "" : " for each of \(threads) threads (intake.threads)"
    result.require(
      configuration.ring.sizeBytes / 2 >= line, "ring.size",
      "\(shown(configuration.ring.sizeBytes)) can not hold two of the longest lines",
      allowed: "at least twice inputs.tcp.line_max (\(shown(line)))")
    result.require(
      inputs.budgetBytes / threads >= line + (1 << 20), "inputs.budget",
      "\(shown(inputs.budgetBytes)) can not hold one of the longest lines and 1MiB beside it\(forEach)",
      allowed:
        "at least \(shown(threads * (line + (1 << 20)))), or lower inputs.tcp.line_max (\(shown(line)))"
    )
    let signed = min(webhook.signedBodyBytesMax, webhook.bodyBytesMax)
    result.require(
      webhook.hmac.isEmpty || inputs.budgetBytes / threads >= signed + line + (1 << 20),
      "inputs.budget",
      "\(shown(inputs.budgetBytes)) can not hold one signed body, one of the longest lines and 1MiB\(forEach)",
      allowed: "at least \(shown(threads * (signed + line + (1 << 20)))), "
        + "or lower inputs.webhook.signed_body_max (\(shown(signed)))")
    for (key, keys) in [("bearer", webhook.bearer), ("hmac", webhook.hmac)] {
      result.require(
        keys.count <= SenderKey.countMax, "inputs.webhook.\(key)",
        "\(keys.count) are more than each request can be held against",
        allowed: "at most \(SenderKey.countMax) keys")
    }
    result.require(
      inputs.eventBytesMax <= line, "inputs.event_max",
      "\(shown(inputs.eventBytesMax)) is more than a line may have",
      allowed: "at most inputs.tcp.line_max (\(shown(line)))")
    result.require(
      webhook.bodyBytesMax <= webhook.inflatedBytesMax, "inputs.webhook.body_max",
      "\(shown(webhook.bodyBytesMax)) is more than a body may have after gzip",
      allowed: "at most inputs.webhook.inflated_max (\(shown(webhook.inflatedBytesMax)))")
    for (input, one, all) in [
      ("webhook", webhook.connectionsPerAddressMax, webhook.connectionsMax),
      ("tcp", inputs.tcp.connectionsPerAddressMax, inputs.tcp.connectionsMax),
    ] {
      result.require(
        one ?? 0 <= all, "inputs.\(input).connections_per_address",
        "\(one ?? 0) is more than all connections together",
        allowed: "at most inputs.\(input).connections_max (\(all))")
    }
  }

  /// Each thread has an even part of these, so there is at least one for each.
  private static func checkThreads(_ configuration: Configuration, _ result: inout Result) {
    let threads = configuration.intake.threads
    for (key, count) in [
      ("inputs.webhook.connections_max", configuration.inputs.webhook.connectionsMax),
      ("inputs.tls.handshakes_max", configuration.inputs.tls.handshakesMax),
    ] {
      result.require(
        count >= threads, key, "\(count) can not give each of \(threads) threads one",
        allowed: "at least intake.threads (\(threads))")
    }
  }

  private static func checkListeners(_ configuration: Configuration, _ result: inout Result) {
    let (tcp, webhook) = (configuration.inputs.tcp, configuration.inputs.webhook)
    let listeners = [
      ("inputs.tcp.listen", tcp.listen), ("inputs.webhook.listen", webhook.listen),
      ("admin.listen", configuration.admin.listen),
    ].compactMap { key, address in address.map { (key, $0) } }
    for (index, (key, address)) in listeners.enumerated() where address.port != 0 {
      let other = listeners[..<index].first { $0.1 == address }
      result.require(
        other == nil, key, "\(address) is taken by \(other?.0 ?? "") already",
        allowed: "another port")
    }
    result.require(
      webhook.streamPath.map { !webhook.paths.contains($0) } ?? true,
      "inputs.webhook.stream_path", "\(webhook.streamPath ?? "") is one of inputs.webhook.paths",
      allowed: "a path of its own, or null")
    result.require(
      webhook.tracesPath.map { !webhook.paths.contains($0) && $0 != webhook.streamPath } ?? true,
      "inputs.webhook.traces_path",
      "\(webhook.tracesPath ?? "") is a path for events or their streams already",
      allowed: "a path of its own, or null")
    let tls = configuration.inputs.tls
    if let listen = tcp.listen, !listen.isLoopback, tls.use(tcp.tls) != .mutual {
      result.warnings.append(
        "inputs.tcp.listen is \(listen): whoever reaches it can send events, TCP asks for no token. "
          + "With inputs.tls.client_ca it asks for a certificate.")
    }
    let hasKeys = !webhook.bearer.isEmpty || !webhook.hmac.isEmpty
    if let listen = webhook.listen, !listen.isLoopback, !webhook.bearer.isEmpty,
      tls.use(webhook.tls) == .off
    {
      result.warnings.append(
        "inputs.webhook.listen is \(listen) and not TLS: the tokens of inputs.webhook.bearer travel in "
          + "the clear, unless a proxy before it speaks TLS; see inputs.tls.cert.")
    }
    if let listen = webhook.listen, !listen.isLoopback, !hasKeys, tls.use(webhook.tls) != .mutual {
      result.warnings.append(
        "inputs.webhook.listen is \(listen), inputs.webhook.bearer is empty and so is hmac: "
          + "whoever reaches it can send events.")
    }
    if let listen = configuration.admin.listen, !listen.isLoopback {
      result.warnings.append("admin.listen is \(listen): whoever reaches it can read the metrics.")
    }
    let taken = webhook.paths + [webhook.tracesPath, webhook.streamPath].compactMap { $0 }
    for path in configuration.sources.compactMap(\.match.path) where !taken.contains(path) {
      result.warnings.append(
        "sources: nothing is taken at \(path), so no event has it; a request there is answered 404. "
          + "Add it to inputs.webhook.paths.")
    }
    let follow = configuration.inputs.follow
    if tcp.listen == nil, webhook.listen == nil, follow.paths.isEmpty {
      result.warnings.append(
        "inputs.tcp.listen, inputs.webhook.listen and inputs.follow.paths are off: `run` has nothing to do."
      )
    }
    for path in follow.paths where !path.hasSuffix("*") {
      result.warnings.append(
        "inputs.follow.paths: \(path) does not name its rotated files; lines of files that are rotated "
          + "away while the agent is not running are missed. Write \(path)* if their names begin so."
      )
    }
  }

  private static func checkTls(_ inputs: Configuration.Inputs, _ result: inout Result) {
    let tls = inputs.tls
    result.require(
      (tls.certificateFile == nil) == (tls.keyFile == nil),
      tls.keyFile == nil ? "inputs.tls.cert" : "inputs.tls.key", "it is given alone",
      allowed: "inputs.tls.cert and inputs.tls.key together")
    result.require(
      tls.clientCaFile == nil || tls.certificateFile != nil, "inputs.tls.client_ca",
      "without a certificate of our own there is no TLS",
      allowed: "inputs.tls.cert and inputs.tls.key beside it")
    for (key, choice) in [
      ("inputs.tcp.tls", inputs.tcp.tls), ("inputs.webhook.tls", inputs.webhook.tls),
    ] {
      result.require(
        tls.use(choice) == .off || tls.certificateFile != nil, key,
        "\(choice.rawValue) needs a certificate",
        allowed: "inputs.tls.cert and inputs.tls.key beside it, or off")
      result.require(
        choice != .mutual || tls.clientCaFile != nil, key,
        "mutual needs the authorities that senders' certificates come from",
        allowed: "inputs.tls.client_ca beside it, or on")
    }
    let isUsed =
      inputs.tcp.listen != nil && tls.use(inputs.tcp.tls) != .off
      || inputs.webhook.listen != nil && tls.use(inputs.webhook.tls) != .off
    if tls.certificateFile != nil, !isUsed {
      result.warnings.append(
        "inputs.tls.cert is given, but no port uses it: inputs.tcp.tls and inputs.webhook.tls are off."
      )
    }
  }

  private static func checkDelivery(
    _ settings: Configuration.Elasticsearch, _ result: inout Result
  ) {
    let given = [
      ("elasticsearch.api_key", settings.apiKey != nil),
      ("elasticsearch.bearer", settings.bearer != nil),
      ("elasticsearch.user", settings.user != nil),
    ].filter(\.1).map(\.0)
    result.require(
      given.count <= 1, given.last ?? "", "it is given beside \(given.first ?? "")",
      allowed: "one of api_key, bearer, and user with password")
    result.require(
      settings.user == nil || settings.password != nil, "elasticsearch.user",
      "it has no password", allowed: "elasticsearch.password beside it")
    result.require(
      settings.password == nil || settings.user != nil, "elasticsearch.password",
      "it has no user", allowed: "elasticsearch.user beside it")
    for (key, isGiven) in [
      ("elasticsearch.tls.ca", settings.tls.caFile != nil),
      ("elasticsearch.tls.fingerprint", settings.tls.fingerprint != nil),
      ("elasticsearch.tls.cert", settings.tls.certificateFile != nil),
    ] {
      result.require(
        !isGiven || settings.hosts.contains(where: \.isHttps), key,
        "no host is https, so it would never be used", allowed: "https:// in elasticsearch.hosts")
    }
    result.require(
      settings.tls.caFile == nil || settings.tls.fingerprint == nil,
      "elasticsearch.tls.fingerprint", "it is given beside elasticsearch.tls.ca",
      allowed: "one of the two")
    result.require(
      (settings.tls.certificateFile == nil) == (settings.tls.keyFile == nil),
      settings.tls.keyFile == nil ? "elasticsearch.tls.cert" : "elasticsearch.tls.key",
      "it is given alone", allowed: "elasticsearch.tls.cert and elasticsearch.tls.key together")
    checkIndex(settings, &result)
    guard settings.credentials != .none else { return }
    for host in settings.hosts where !host.isHttps && !host.isLoopback {
      result.warnings.append(
        "\(host.url): the credentials travel in the clear; use https://.")
    }
  }

  private static func checkIndex(
    _ settings: Configuration.Elasticsearch, _ result: inout Result
  ) {
    if !settings.isDataStream, !settings.index.contains("%") {
      result.errors.append(
        Failure(
          key: "elasticsearch.index", reason: "\"\(settings.index)\" has no date in it",
          allowed: "%Y, %m and %d once each, or elasticsearch.data_stream: true",
          suggestion: settings.index + "-%Y.%m.%d"))
    }
    if settings.isDataStream, !settings.hosts.isEmpty {
      result.warnings.append(
        """
        elasticsearch.data_stream: events go to \(settings.destination). It knows ids within its \
        current index only: what is sent again after a rollover can be stored twice.
        """)
      if settings.retention == nil {
        result.warnings.append(
          "elasticsearch.data_stream without elasticsearch.retention: nothing of ours rolls "
            + "\(settings.destination) over, so its one index grows.")
      }
    }
  }

  private static func shown(_ bytes: Int) -> String { Unit.show(bytes, Unit.sizes) }
}
