/// Every setting there is, one row each. Parsing, checking, `--set`, the names of environment variables, `validate`,
/// suggestions and docs/configuration.md all come from here; defaults from ``Configuration``.
package enum ConfigurationKeys {
  package static let all = KeySet<Configuration>(
    general + tcp + webhook + tls + follow + inputs + meaning + storage + elasticsearch,
    later: later)

  private static let kibibyte = 1 << 10
  private static let mebibyte = 1 << 20
  private static let gibibyte = 1 << 30
  private static let day: Duration = .seconds(86_400)

  private static let general: [ConfigurationKey<Configuration>] = [
    .init(
      "agent.id", .fileName, \.agent.id,
      "Name of this agent on the status page; auto: the machine's name"),
    .init(
      "agent.state_dir", .path, \.agent.stateDirectory,
      "Folder of the ring, archive, dead letters and checkpoints"),
    .init(
      "agent.grace", .duration(.seconds(1)...(.seconds(3600))), \.agent.grace,
      "From SIGTERM to the end at the latest"),
    .init(
      "intake.threads", .integer(1...16), \.intake.threads,
      "Threads that take events in over TCP and the webhook, each connection on one of them"),
    .init(
      "admin.listen", .listen, \.admin.listen, "Health, metrics and status over HTTP (run alone)"),
    .init(
      "log.level",
      .choice([("debug", .debug), ("info", .info), ("warning", .warning), ("error", .error)]),
      \.log.level, "Lines on standard error from this level on"),
  ]

  private static let tls: [ConfigurationKey<Configuration>] = [
    .init(
      "inputs.tls.cert", .optional(.path), \.inputs.tls.certificateFile,
      "PEM file of the certificate of both ports, our own first, then those up to the authority; "
        + "taken anew when it changes"),
    .init("inputs.tls.key", .optional(.path), \.inputs.tls.keyFile, "and of its key"),
    .init(
      "inputs.tls.client_ca", .optional(.path), \.inputs.tls.clientCaFile,
      "PEM file of the authorities that senders must have a certificate from; null: they need none"),
    .init(
      "inputs.tls.version_min", .choice(), \.inputs.tls.versionMin,
      "The lowest TLS version a sender may speak"),
    .init(
      "inputs.tls.handshake_time", .duration(.seconds(1)...(.seconds(600))),
      \.inputs.tls.handshakeTime, "A handshake that takes longer is given up"),
    .init(
      "inputs.tls.handshakes_max", .integer(1...65_536), \.inputs.tls.handshakesMax,
      "Handshakes under way at a time, of each port"),
  ]

  private static let tcp: [ConfigurationKey<Configuration>] = [
    .init("inputs.tcp.listen", .listen, \.inputs.tcp.listen, "JSON lines over TCP"),
    .init(
      "inputs.tcp.tls", .choice(), \.inputs.tcp.tls,
      "off; on; mutual: senders need a certificate; auto: what inputs.tls has the files for"),
    .init(
      "inputs.tcp.line_max", .size(kibibyte...(64 * mebibyte)), \.inputs.tcp.lineBytesMax,
      "A longer line is refused; for stdin and files too"),
    .init(
      "inputs.tcp.connections_max", .integer(1...65_536), \.inputs.tcp.connectionsMax,
      "Connections at a time"),
    .init(
      "inputs.tcp.connections_per_address", .optional(.integer(1...65_536)),
      \.inputs.tcp.connectionsPerAddressMax,
      "The same from one address; null: 64, but no limit for this machine's own"),
    .init(
      "inputs.tcp.idle", .optional(.duration(.seconds(1)...day)), \.inputs.tcp.idle,
      "A connection silent for so long is closed; null: never"),
  ]

  private static let keyForm =
    "a list of {file: PATH}, {env: NAME} or {value: TEXT}, each with team, source and until beside it"

  private static let webhook: [ConfigurationKey<Configuration>] = [
    .init("inputs.webhook.listen", .listen, \.inputs.webhook.listen, "Events over HTTP POST"),
    .init(
      "inputs.webhook.tls", .choice(), \.inputs.webhook.tls,
      "The same for the webhook: HTTPS instead of HTTP"),
    .init(
      "inputs.webhook.paths",
      .list(of: .urlPath, atLeast: 1, allowed: "paths such as [/v1/events]; at least one"),
      \.inputs.webhook.paths, "Where events may be posted to"),
    .init(
      "inputs.webhook.bearer",
      .list(of: .senderKey, allowed: keyForm + ", or plain texts"), \.inputs.webhook.bearer,
      "Tokens that open the webhook; none, and none of hmac: it asks for none"),
    .init(
      "inputs.webhook.hmac", .list(of: .senderKey, allowed: keyForm + "; whsec_ and base64"),
      \.inputs.webhook.hmac, "Keys that requests are signed with (Standard Webhooks)"),
    .init(
      "inputs.webhook.signed_age_max", .duration(.seconds(1)...day), \.inputs.webhook.signedAge,
      "How far the time of a signed request may lie from ours"),
    .init(
      "inputs.webhook.signed_body_max", .size(kibibyte...(256 * mebibyte)),
      \.inputs.webhook.signedBodyBytesMax,
      "A signed body as it comes over the wire; it is kept whole until its signature is checked"),
    .init(
      "inputs.webhook.ids_max", .integer(0...1_000_000), \.inputs.webhook.idsMax,
      "How many webhook-ids are remembered, so that a repeat is answered at once; 0: none"),
    .init(
      "inputs.webhook.ids_kept", .duration(.seconds(0)...(day * 30)), \.inputs.webhook.idsKeep,
      "For how long"),
    .init(
      "inputs.webhook.body_max", .size(kibibyte...gibibyte),
      \.inputs.webhook.bodyBytesMax, "A body as it comes over the wire"),
    .init(
      "inputs.webhook.inflated_max", .size(kibibyte...(4 * gibibyte)),
      \.inputs.webhook.inflatedBytesMax, "A body after gzip"),
    .init(
      "inputs.webhook.ratio_max", .integer(2...1032), \.inputs.webhook.ratioMax,
      "Inflated bytes to each byte of the wire"),
    .init(
      "inputs.webhook.header_max", .size(kibibyte...mebibyte), \.inputs.webhook.headerBytesMax,
      "All headers of a request; each connection keeps room for them"),
    .init(
      "inputs.webhook.headers_max", .integer(8...10_000), \.inputs.webhook.headersMax,
      "How many headers a request may have"),
    .init(
      "inputs.webhook.connections_max", .integer(1...65_536), \.inputs.webhook.connectionsMax,
      "Connections at a time"),
    .init(
      "inputs.webhook.connections_per_address", .optional(.integer(1...65_536)),
      \.inputs.webhook.connectionsPerAddressMax,
      "The same from one address; null: 64, but no limit for this machine's own"),
    .init(
      "inputs.webhook.header_time", .duration(.seconds(1)...(.seconds(3600))),
      \.inputs.webhook.headerTime, "Until the last header has come"),
    .init(
      "inputs.webhook.body_rate_min", .size(0...gibibyte), \.inputs.webhook.bodyRateBytesMin,
      "Bytes a second; a body that comes slower is cut off, 0: never"),
    .init(
      "inputs.webhook.idle", .duration(.seconds(1)...day), \.inputs.webhook.idle,
      "A connection silent for so long between requests is closed"),
    .init(
      "inputs.webhook.room_wait", .duration(.milliseconds(0)...(.seconds(60))),
      \.inputs.webhook.roomWait,
      "How long a request waits for room in the ring or the input budget; then 503"),
    .init(
      "inputs.webhook.durable_wait", .duration(.milliseconds(100)...(.seconds(300))),
      \.inputs.webhook.durableWait,
      "How long a request waits for its events to be on disk; then 503"),
    .init(
      "inputs.webhook.discard_max", .size(0...gibibyte), \.inputs.webhook.discardBytesMax,
      "A refused request's body is read and thrown away up to this, so that the answer is read"),
    .init(
      "inputs.webhook.traces_path", .optional(.urlPath), \.inputs.webhook.tracesPath,
      "Where spans are posted to, as OTLP; null: nowhere"),
    .init(
      "inputs.webhook.traces_body_max", .size(kibibyte...(256 * mebibyte)),
      \.inputs.webhook.tracesBodyBytesMax,
      "A body of spans after gzip, kept whole; never more than `inputs.budget` leaves"),
    .init(
      "inputs.webhook.stream_path", .optional(.urlPath), \.inputs.webhook.streamPath,
      "Where event streams are opened over WebSocket; null: nowhere"),
    .init(
      "inputs.webhook.stream_ping", .duration(.seconds(1)...(.seconds(3600))),
      \.inputs.webhook.streamPing,
      "A stream silent for so long is pinged, and closed when silent for as long again"),
    .init(
      "inputs.webhook.stream_message_max", .size(kibibyte...gibibyte),
      \.inputs.webhook.streamMessageBytesMax, "A message of a stream, all its fragments together"),
  ]

  private static let follow: [ConfigurationKey<Configuration>] = [
    .init(
      "inputs.follow.paths",
      .list(of: .path, allowed: "a list of paths, with * ? [a-z], such as [/var/log/relay/*.log*]"),
      \.inputs.follow.paths, "Log files that are read as they grow (run alone); none: off"),
    .init(
      "inputs.follow.exclude",
      .list(of: .path, allowed: "a list of names or paths, with * ? [a-z]"),
      \.inputs.follow.exclude, "Files left out: by name, or by path when there is a slash in it"),
    .init(
      "inputs.follow.start", .choice(), \.inputs.follow.start,
      "Where files begin that are there at the first start; later ones begin at their beginning"),
    .init(
      "inputs.follow.poll", .duration(.milliseconds(10)...(.seconds(3600))),
      \.inputs.follow.poll, "Time between two looks where the system tells nothing (NFS)"),
    .init(
      "inputs.follow.rotate_wait", .duration(.milliseconds(10)...(.seconds(3600))),
      \.inputs.follow.rotateWait,
      "A renamed or deleted file that is read to its end is let go after so much silence"),
    .init(
      "inputs.follow.files_max", .integer(1...65_536), \.inputs.follow.filesMax,
      "Files open at a time; more are read in turn"),
  ]

  private static let inputs: [ConfigurationKey<Configuration>] = [
    .init(
      "inputs.budget", .size(2 * mebibyte...(4 * gibibyte)), \.inputs.budgetBytes,
      "All partial input of all connections together; each thread has an even part"),
    .init(
      "inputs.json_depth", .integer(2...1000), \.inputs.jsonDepthMax,
      "Levels an event may have"),
    .init(
      "inputs.json_keys", .integer(10...1_000_000), \.inputs.keysMax,
      "Keys an event may have on all its levels"),
    .init(
      "inputs.event_max", .size(4 * kibibyte...(16 * mebibyte)), \.inputs.eventBytesMax,
      "A larger document, after redaction, loses extra and free text"),
    .init(
      "inputs.refused_max", .size(mebibyte...(64 * gibibyte)), \.inputs.refusedBytesMax,
      "refused.ndjson before it is rotated"),
  ]

  private static let meaning: [ConfigurationKey<Configuration>] = [
    .init("sources", SourceRule.kind, \.sources, "Rules for events of certain sources; see below"),
    .init("pricing.book", .choice(), \.pricing.book, "Prices for events no source rule is about"),
    .init(
      "pricing.basis", .choice(), \.pricing.basis,
      "Cost from input and output tokens apart, their total, or output alone"),
    .init(
      "pricing.file", .optional(.path), \.pricing.file,
      "JSON price books in place of the built-in ones"),
    .init(
      "privacy.content", .choice(), \.privacy.content,
      "Prompts, answers and unknown texts: left out, only fingerprinted, or kept but for secrets"),
    .init("privacy.ip", .choice(), \.privacy.ip, "Client addresses: cut to their network, or kept"),
    .init("privacy.user", .choice(), \.privacy.user, "User ids: kept, or replaced by their HMAC"),
    .init(
      "privacy.key", .optional(.secret), \.privacy.key,
      "Key of the HMACs of content and users; 64 hexadecimal digits are the 32 bytes they stand for"
    ),
    .init(
      "time.past_max", .duration(.seconds(3600)...(day * 3650)), \.time.pastMax,
      "An older event goes to the index of the day it came"),
    .init(
      "time.future_max", .duration(.seconds(0)...(day * 3650)), \.time.futureMax,
      "The same for an event from the future"),
    .init("id.seed", .unsigned, \.id.seed, "Another seed gives the same events other ids"),
  ]

  private static let storage: [ConfigurationKey<Configuration>] = [
    .init(
      "ring.size", .size(16 * mebibyte...(1024 * gibibyte)), \.ring.sizeBytes,
      "The ring file: what waits when Elasticsearch is away"),
    .init(
      "ring.when_full", .choice(), \.ring.whenFull,
      "block: inputs wait, nothing is lost; drop_oldest: the oldest events make room, counted"),
    .init(
      "ring.group_delay", .duration(.milliseconds(0)...(.seconds(1))), \.ring.groupDelay,
      "A commit group closes at most this long after its first event"),
    .init(
      "ring.commit_interval", .duration(.milliseconds(1)...(.seconds(1))), \.ring.commitInterval,
      "Time between two fdatasyncs; twice that where nobody waits for an answer"),
    .init(
      "ring.compression", .choice(), \.ring.compression,
      "Library for blocks; auto: ISA-L (libisal2) where the system has it, a fifth of zlib's time"),
    .init(
      "ring.allow_volatile", .boolean, \.ring.isVolatileDiskAllowed,
      "Also on a disk that forgets when the power goes, such as tmpfs"),
    .init(
      "archive.dir", .path, \.archive.directory,
      "Daily .ndjson.gz files when there is no Elasticsearch; auto: archive in agent.state_dir"),
    .init(
      "archive.beside_elasticsearch", .boolean, \.archive.isBesideElasticsearch,
      "Write the daily files also when events go to Elasticsearch"),
    .init(
      "pipe.name", .fileName, \.pipe.name, "Which ring pipe uses, in pipe/NAME of the state_dir"),
    .init(
      "pipe.on_full", .choice(), \.pipe.onFull,
      "Wait for room, or drop what comes (it is counted)"),
    .init(
      "pipe.drain_timeout", .duration(.seconds(0)...(day * 30)), \.pipe.drainTimeout,
      "How long pipe waits for delivery after its input has ended"),
  ]

  private static let elasticsearch: [ConfigurationKey<Configuration>] = [
    .init(
      "elasticsearch.hosts", .list(of: .host, allowed: "one URL or a list of them"),
      \.elasticsearch.hosts, "Where events are delivered; none: to the archive alone"),
    .init(
      "elasticsearch.index", .indexPattern, \.elasticsearch.index,
      "Daily index; the day is the event's, UTC"),
    .init(
      "elasticsearch.data_stream", .boolean, \.elasticsearch.isDataStream,
      "One data stream, called as the index without its date, in place of daily indices; what is "
        + "sent again after a rollover can then be stored twice"),
    .init(
      "elasticsearch.retention", .optional(.duration(.seconds(3600)...(day * 3650))),
      \.elasticsearch.retention,
      "The server deletes indices of this age (ILM or ISM policy); null: they stay"),
    .init(
      "elasticsearch.api_key", .optional(.secret), \.elasticsearch.apiKey,
      "API key, as Elasticsearch prints it encoded"),
    .init(
      "elasticsearch.bearer", .optional(.secret), \.elasticsearch.bearer, "Or a bearer token"),
    .init("elasticsearch.user", .optional(.secret), \.elasticsearch.user, "Or a user"),
    .init(
      "elasticsearch.password", .optional(.secret), \.elasticsearch.password, "and its password"),
    .init(
      "elasticsearch.tls.ca", .optional(.path), \.elasticsearch.tls.caFile,
      "PEM file of the authorities to trust in place of the system's"),
    .init(
      "elasticsearch.tls.fingerprint", .optional(.fingerprint), \.elasticsearch.tls.fingerprint,
      "Or the SHA-256 of the one certificate to trust, the authority's or the server's own"),
    .init(
      "elasticsearch.tls.cert", .optional(.path), \.elasticsearch.tls.certificateFile,
      "PEM file of a client certificate"),
    .init(
      "elasticsearch.tls.key", .optional(.path), \.elasticsearch.tls.keyFile, "and of its key"),
    .init(
      "elasticsearch.proxy", .optional(.host), \.elasticsearch.proxy,
      "An HTTP proxy on the way; none is taken from the environment"),
    .init(
      "elasticsearch.body_size", .size(64 * kibibyte...(90 * mebibyte)),
      \.elasticsearch.bodyBytes, "A bulk body before compression"),
    .init(
      "elasticsearch.senders", .integer(1...3), \.elasticsearch.senders, "Requests at a time"),
    .init(
      "elasticsearch.flush", .duration(.milliseconds(10)...(.seconds(60))),
      \.elasticsearch.flush, "A body that is not full is sent after this"),
    .init(
      "elasticsearch.request_timeout", .duration(.seconds(1)...(.seconds(600))),
      \.elasticsearch.requestTimeout, "A request without an answer is given up"),
    .init(
      "elasticsearch.template", .boolean, \.elasticsearch.installsTemplate,
      "Install the index template, and the policy of retention, when missing"),
    .init(
      "elasticsearch.dead_letters_max", .size(mebibyte...(64 * gibibyte)),
      \.elasticsearch.deadLettersBytesMax, "Dead letters on disk; at the limit delivery pauses"),
    .init(
      "elasticsearch.dead_share_max", .integer(1...100), \.elasticsearch.deadSharePercentMax,
      "Percent: when more of 10,000 events would be dead letters none are written; 100: no limit"),
    .init(
      "elasticsearch.delivered_kept", .duration(.seconds(0)...(day * 400)),
      \.elasticsearch.deliveredKept,
      "How long 8 bytes of each delivered event's id are kept for verify; 0: not at all"),
  ]

  /// Settings of the design that come later.
  private static let later: Set<String> = [
    "archive.enabled", "archive.compress_level", "budgets", "alerts", "routes", "rollups",
    "follow", "inputs.files", "inputs.otlp",
  ]
}
