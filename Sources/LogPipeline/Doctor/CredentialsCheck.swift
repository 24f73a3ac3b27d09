/// Whether the server answers, and takes our credentials for somebody's.
package struct CredentialsCheck: DoctorCheck {
  package static let name = "credentials"

  private let server: DoctorServer
  private let hosts: DoctorHosts
  private let credentials: ElasticsearchCredentials

  package init(
    _ server: DoctorServer, _ hosts: DoctorHosts, _ credentials: ElasticsearchCredentials
  ) {
    (self.server, self.hosts, self.credentials) = (server, hosts, credentials)
  }

  package func run() -> [DoctorFinding] {
    if let obstacle = hosts.obstacle {
      server.setObstacle(obstacle)
      return [.skipped(Self.name, obstacle)]
    }
    let answer = server.desk.ask("/")
    let finding = Self.judge(answer, credentials, server.place, user)
    if finding.status == .failed {
      server.setObstacle("the server gives no answer of use; see \(Self.name)")
    }
    if case .success(let root) = answer, let product = ServerProduct.fromRoot(root) {
      server.note(product)
    }
    return [finding]
  }

  /// The server's own name for us; nil where it does not tell.
  private func user() -> String? {
    if case .found(let tree) = server.ask("/_security/_authenticate") {
      return tree["username"]?.string
    }
    if case .found(let tree) = server.ask("/_plugins/_security/authinfo") {
      return tree["user_name"]?.string
    }
    return nil
  }

  /// `user` is asked only where the credentials are good.
  package static func judge(
    _ answer: Result<HttpAnswer, TransportFailure>, _ credentials: ElasticsearchCredentials,
    _ place: String, _ user: () -> String?
  ) -> DoctorFinding {
    switch answer {
    case .failure(let failure): return unanswered(failure, place)
    case .success(let answer):
      switch answer.status {
      case 401: return refused(credentials, answer, place)
      case 502, 503, 504:
        return .failed(
          name, "\(place) answers HTTP \(answer.status): it is not ready.",
          SetupOutcome.reason(answer), meanwhile: DoctorWords.keptInRing,
          remedy: "Nothing need be done here: delivery is tried again by itself. See the server's "
            + "own log if it lasts.")
      default:
        return isServer(answer) ? accepted(credentials, user()) : notAServer(answer, place)
      }
    }
  }

  /// Whether it answers as such servers do: with what it is, or, where this user or this server may not say, with an error
  /// in their own form.
  private static func isServer(_ answer: HttpAnswer) -> Bool {
    if ServerProduct.fromRoot(answer) != nil { return true }
    if answer.headers["x-elastic-product"] == "Elasticsearch" { return true }
    return answer.status != 200 && (try? JsonValue.parse(answer.body))?["error"] != nil
  }

  /// Why the settings of delivery can not be used here.
  package static func unusable(_ why: String) -> DoctorFinding {
    .failed(
      name, why,
      meanwhile:
        "An agent of this user does not start with that; one that runs goes on with what it "
        + "has read. Nothing more of the server was checked.",
      remedy: why.contains("/run/credentials/")
        ? "systemd shows that file only while the unit runs, to the agent and to root: start it, and run "
          + "doctor as root." : "If the agent runs as another user, run doctor as that one.")
  }

  private static func accepted(
    _ credentials: ElasticsearchCredentials, _ user: String?
  ) -> DoctorFinding {
    if case .none = credentials {
      return .ok(name, "none are set, and the server asks for none")
    }
    return .ok(name, "\(credentials) accepted\(user.map { ", as \($0)" } ?? "")")
  }

  private static func unanswered(_ failure: TransportFailure, _ place: String) -> DoctorFinding {
    // TLS 1.3 tells of a missing client certificate only after the handshake.
    let isCertificateAsked = failure.detail.contains("certificate required")
    let remedy =
      if isCertificateAsked {
        "It asks for a client certificate: elasticsearch.tls.cert and elasticsearch.tls.key."
      } else if failure.kind == .closedWithoutAnswer {
        "A port that speaks TLS does so with plain HTTP: try https:// in elasticsearch.hosts."
      } else {
        "See the server's own log, and what stands between."
      }
    return .failed(
      name, "\(place) takes the connection and gives no answer.", "\(failure.detail).",
      meanwhile: DoctorWords.keptInRing, remedy: remedy)
  }

  private static func refused(
    _ credentials: ElasticsearchCredentials, _ answer: HttpAnswer, _ place: String
  ) -> DoctorFinding {
    let reason = ReasonScrubber.cut(BulkAnswer.wholeError(answer).reason)
    if case .none = credentials {
      return .failed(
        name, "\(place) asks who we are (HTTP 401), and no credentials are set.",
        meanwhile: DoctorWords.keptInRing,
        remedy: "Make a key that may only append, and name its file in elasticsearch.api_key. This "
          + "prints the request that makes it:",
        type: ["sheepshipper setup --dry-run --for elasticsearch-8"])
    }
    return .failed(
      name, "\(place) refuses our credentials, \(credentials): HTTP 401.",
      reason.isEmpty ? "" : "\(reason).",
      meanwhile: DoctorWords.keptInRing,
      remedy: "Correct the secret in its file. A running agent reads it again by itself within a "
        + "minute, or at once by:", type: ["sheepshipper reload"])
  }

  private static func notAServer(_ answer: HttpAnswer, _ place: String) -> DoctorFinding {
    let type = answer.headers["content-type"] ?? "nothing known"
    return .failed(
      name, "\(place) answers HTTP \(answer.status) with \(type), not as Elasticsearch does.",
      meanwhile: DoctorWords.keptInRing,
      remedy: "Is it another service, a login page or a proxy? elasticsearch.hosts takes the "
        + "address of Elasticsearch or OpenSearch itself, with a path if one stands before its "
        + "API.", type: ["curl -sS \(place)/"])
  }
}
