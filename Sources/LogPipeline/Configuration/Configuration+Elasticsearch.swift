extension Configuration {
  package struct Elasticsearch: Equatable, Sendable {
    /// None: events go to the archive alone.
    package var hosts: [ElasticsearchHost] = []
    /// %Y, %m and %d are the event's UTC day.
    package var index = "holysheep-logs-%Y.%m.%d"
    /// One data stream in place of daily indices; its name is the index without the date.
    package var isDataStream = false
    /// Indices older than this are deleted, by the server; nil: they stay.
    package var retention: Duration?
    package var apiKey: Secret?
    package var bearer: Secret?
    package var user: Secret?
    package var password: Secret?
    package var tls = Tls()
    /// A bulk body before compression.
    package var bodyBytes = 5_000_000
    package var senders = 1
    /// A body that is not full is sent after this.
    package var flush: Duration = .seconds(1)
    package var requestTimeout: Duration = .seconds(60)
    /// Install the index template when it is missing.
    package var installsTemplate = true
    /// Dead letters on disk; at the limit delivery pauses.
    package var deadLettersBytesMax = 1 << 30
    /// How long ids of delivered events are kept for `verify`; zero: not at all.
    package var deliveredKept: Duration = .seconds(14 * 86_400)

    /// More than this share of 10,000 events as dead letters is a broken mapping: then none are written. 100: never.
    package var deadSharePercentMax = 1
    /// An HTTP proxy; nil: none, whatever the environment says.
    package var proxy: ElasticsearchHost?

    /// The part of the index names before the date.
    package var indexPrefix: String { String(index.prefix { $0 != "%" }) }

    /// Where the bulk lines send events: the daily index, with its %Y, %m and %d, or the data stream.
    package var destination: String { isDataStream ? streamName : index }

    /// What the index template is for: the daily indices, or the data stream alone.
    package var indexPattern: String { isDataStream ? streamName : indexPrefix + "*" }

    /// What the archive's daily files are called, in the same terms as ``index``.
    package var archiveName: String { index.contains("%") ? index : index + "-%Y.%m.%d" }

    private var streamName: String {
      var name = Substring(indexPrefix)
      while let last = name.last, index.contains("%"), "-._".contains(last) { name.removeLast() }
      return String(name)
    }

    package struct Tls: Equatable, Sendable {
      /// PEM file of the authorities to trust; nil: the system's.
      package var caFile: String?
      /// SHA-256 of the one certificate to trust, and what it signed.
      package var fingerprint: CertificateFingerprint?
      /// PEM files of a client certificate and its key.
      package var certificateFile: String?
      package var keyFile: String?
    }

    /// How requests say who they are.
    package enum Credentials: Equatable, Sendable {
      case none
      case apiKey(Secret)
      case bearer(Secret)
      case basic(user: Secret, password: Secret)
    }

    /// The loader has seen to it that there is at most one.
    package var credentials: Credentials {
      if let apiKey { return .apiKey(apiKey) }
      if let bearer { return .bearer(bearer) }
      if let user, let password { return .basic(user: user, password: password) }
      return .none
    }
  }
}
