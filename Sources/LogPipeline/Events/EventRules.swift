/// How events become documents: the configured part. Immutable and shared by all intakes.
package struct EventRules: Sendable {
  package enum Book: String, Sendable, CaseIterable {
    /// The relay's own shape: `holysheep`; LiteLLM's and OpenTelemetry's: `direct`.
    case auto
    case direct, holysheep
  }
  package enum Content: String, Sendable, CaseIterable {
    /// Nothing is kept of it.
    case drop
    /// Its keyed fingerprint is kept, and where unknown text stood.
    case redact
    /// It is kept beside those, without the secrets that the redactor knows.
    case keep
  }
  package enum UserIds: String, Sendable, CaseIterable { case keep, hmac }
  package enum Addresses: String, Sendable, CaseIterable {
    case keep
    /// To the network: /24 of IPv4, /48 of IPv6.
    case truncate
  }

  /// `%Y`, `%m` and `%d` are the event's UTC day; nothing of an event's own values gets into the name.
  package var indexPattern = "holysheep-logs-%Y.%m.%d"
  /// For every source that none of `sources` fits.
  package var meaning = SourceMeaning()
  /// The first that fits decides.
  package var sources: [SourceChoice] = []
  package var userIds = UserIds.keep
  package var addresses = Addresses.keep
  /// A team that the event names (`team`, `metadata.team`) is taken for its team; else it is a claim.
  package var trustsNamedTeam = true
  /// Values of `provider` that name an arm of an A/B test when the event has no model.
  package var armNames = ["holysheep", "legacy"]
  /// A longer frame is refused.
  package var lineBytesMax = 4 << 20
  package var depthMax = 32
  /// Keys of one frame outside of its content.
  package var keysMax = 2000
  /// A larger document loses `extra` and free text.
  package var eventBytesMax = 256 << 10
  /// What the ring takes of one event, both lines with their ends; a larger one is refused.
  package var storedBytesMax = RawBlock.eventBytesMax
  /// An event further back than this goes to the arrival day's index.
  package var pastMax = Duration.seconds(400 * 86_400)
  package var futureMax = Duration.seconds(86_400)
  /// Of the hash behind `_id`: another seed gives every event another id.
  package var idSeed: UInt64 = 0
  package var contentKey: ContentKey
  /// Every frame goes through the parser's own document, as unusual ones do: what tests hold the quick way against.
  package var readsClosely = false

  package init(contentKey: ContentKey) { self.contentKey = contentKey }

  /// What holds for a source.
  package func meaning(of source: SourceContext) -> SourceMeaning {
    sources.first { $0.fits(source) }?.meaning ?? meaning
  }
}
