extension Configuration {
  package struct Elasticsearch: Equatable, Sendable {
    /// None: events go to the archive alone.
    package var hosts: [ElasticsearchHost] = []
    /// %Y, %m and %d are the event's UTC day.
    package var index = "holysheep-logs-%Y.%m.%d"
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

    package struct Tls: Equatable, Sendable {
      /// PEM file of the authorities to trust; nil: the system's.
      package var caFile: String?
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
