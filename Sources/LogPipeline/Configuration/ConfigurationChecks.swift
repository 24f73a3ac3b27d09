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
    checkListeners(configuration, &result)
    checkDelivery(configuration.elasticsearch, &result)
    result.require(
      configuration.privacy.user != .hmac || configuration.privacy.key != nil, "privacy.user",
      "hmac needs privacy.key, or equal users could not be told to be equal",
      allowed: "set privacy.key, or keep")
    return result
  }

  private static func checkSizes(_ configuration: Configuration, _ result: inout Result) {
    let (inputs, webhook) = (configuration.inputs, configuration.inputs.webhook)
    let line = inputs.tcp.lineBytesMax
    result.require(
      configuration.ring.sizeBytes / 2 >= line, "ring.size",
      "\(shown(configuration.ring.sizeBytes)) can not hold two of the longest lines",
      allowed: "at least twice inputs.tcp.line_max (\(shown(line)))")
    result.require(
      inputs.budgetBytes >= line + (1 << 20), "inputs.budget",
      "\(shown(inputs.budgetBytes)) can not hold one of the longest lines and 1MiB beside it",
      allowed: "at least \(shown(line + (1 << 20))), or lower inputs.tcp.line_max (\(shown(line)))")
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
    if let listen = tcp.listen, !listen.isLoopback {
      result.warnings.append(
        "inputs.tcp.listen is \(listen): whoever reaches it can send events, TCP asks for no token."
      )
    }
    if let listen = webhook.listen, !listen.isLoopback, webhook.bearer.isEmpty {
      result.warnings.append(
        "inputs.webhook.listen is \(listen) and inputs.webhook.bearer is empty: "
          + "whoever reaches it can send events.")
    }
    if let listen = configuration.admin.listen, !listen.isLoopback {
      result.warnings.append("admin.listen is \(listen): whoever reaches it can read the metrics.")
    }
    if tcp.listen == nil, webhook.listen == nil {
      result.warnings.append(
        "inputs.tcp.listen and inputs.webhook.listen are off: `run` has nothing to do.")
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
