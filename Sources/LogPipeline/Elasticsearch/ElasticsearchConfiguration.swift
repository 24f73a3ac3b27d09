/// Where events go and how: all that delivery needs to know. Sizes are in bytes.
package struct ElasticsearchConfiguration: Sendable {
  /// `https://es1:9200`, one or more, each with a scheme; a path in front of the API is kept.
  package var hosts: [String]
  package var credentials: ElasticsearchCredentials = .none
  package var tls = ClientTls()
  /// A proxy's URL; nil: none, whatever the environment says.
  package var proxy: String?
  /// What indices the events go to, for the template, e.g. `holysheep-logs-*`.
  package var indexPattern = "holysheep-logs-*"

  /// Bodies grow up to this many bytes of lines before compression; 1 to 10 MiB make sense.
  package var bodyBytesMax = 5 << 20
  package var bodyItemsMax = 10_000
  /// 1 to 3: one sender already keeps a core of Elasticsearch busy.
  package var senders = 2
  /// How long a small body waits for company.
  package var flush: Duration = .seconds(1)
  /// From this many bytes of lines on, a body does not wait.
  package var flushBytes = 1 << 20
  /// Items a sender keeps because they failed and will be tried again; with more it takes no new ones.
  package var heldItemsMax = 20_000

  /// Whose deflate makes bodies smaller, where blocks were not compressed before.
  package var compression = CompressionLibrary.zlib

  package var connectTimeout = TransportTimes.connect
  /// Without a byte from the server, or to it.
  package var idleTimeout = TransportTimes.idle
  /// Sent along as `timeout=`. Some servers wait twice as long for a master before they answer, without a word.
  package var serverTimeout = TransportTimes.idle * 0.4
  /// For the whole exchange; the time that a large body takes on a slow network comes on top.
  package var requestTimeout: Duration = .seconds(60)
  package var answerBytesMax = 64 << 20

  /// The first wait after a failure; it doubles up to ``retryMax``, with full jitter.
  package var retryBase: Duration = .milliseconds(500)
  package var retryMax: Duration = .seconds(60)
  /// How long items wait whose index is closed, blocked, missing or forbidden.
  package var parkDelay: Duration = .seconds(30)
  /// A 409 after an attempt of ours that got no answer is asked again after this time, then believed:
  /// by then a primary that was cut off from its cluster has been replaced.
  package var conflictConfirmation: Duration = .seconds(30)
  /// When more than this share of 10,000 events would become dead letters, none more are written.
  package var deadShareMax = 0.01

  /// Whether the index template is installed when it is missing.
  package var installsTemplate = true
  /// Whether a template of our name with other content is replaced.
  package var replacesTemplate = false

  package init(hosts: [String]) { self.hosts = hosts }

  /// Good items cost 26 bytes of answer each, and there is one entry an item, to be matched by position.
  var bulkPath: String {
    "/_bulk?filter_path=errors,items.*.status,items.*.error&timeout="
      + "\(serverTimeout.milliseconds)ms"
  }
}
