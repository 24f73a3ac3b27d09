/// Whether each host's certificate is one to trust: its chain, its name, its end.
package struct CertificateCheck: DoctorCheck {
  package static let name = "tls"

  /// What was seen of one host.
  package struct Seen {
    /// As presented, the host's own first.
    package var chain: [CertificateFacts]
    /// Of the first and the last of the chain.
    package var fingerprints: [CertificateFingerprint]
    /// Why no request gets through by the configured trust; nil: one did.
    package var failure: TransportFailure?

    package init(
      chain: [CertificateFacts], fingerprints: [CertificateFingerprint] = [],
      failure: TransportFailure?
    ) {
      (self.chain, self.fingerprints, self.failure) = (chain, fingerprints, failure)
    }
  }

  private let hosts: DoctorHosts
  private let settings: ElasticsearchConfiguration
  private let clock: any Clock

  package init(
    _ hosts: DoctorHosts, _ settings: ElasticsearchConfiguration, clock: any Clock
  ) {
    (self.hosts, self.settings, self.clock) = (hosts, settings, clock)
  }

  package func run() -> [DoctorFinding] {
    hosts.hosts.map { host in
      guard host.isHttps else {
        return .skipped(Self.name, "\(host.place) is spoken to without TLS (http://)")
      }
      if let check = hosts.breaker(of: host) {
        return .skipped(Self.name, "\(host.place) can not be reached; see \(check)")
      }
      let finding = Self.judge(
        host, look(at: host), settings.tls, consequence: hosts.consequence,
        now: clock.wallMilliseconds() / 1000)
      if finding.status == .failed { hosts.setBroken(host, by: Self.name) }
      return finding
    }
  }

  private func look(at host: DoctorHost) -> Seen {
    let presented: [[UInt8]]
    switch PresentedCertificates.fetch(
      from: host.url, proxy: settings.proxy, tls: settings.tls)
    {
    case .failure(let failure): return Seen(chain: [], failure: failure)
    case .success(let found): presented = found
    }
    var seen = Seen(
      chain: presented.compactMap { CertificateFacts(pem: $0, host: host.host) },
      fingerprints: presented.compactMap { CertificateFingerprint(pem: $0) }, failure: nil)
    var alone = settings
    alone.hosts = [host.url]
    do throws(DeliveryError) {
      let answer = try ServerConnection(alone).send(HttpRequest(method: .get, path: "/"))
      if case .failure(let failure) = answer, failure.kind == .tls { seen.failure = failure }
    } catch {
      seen.failure = TransportFailure(kind: .other, detail: "\(error)", mayBeStored: false)
    }
    return seen
  }

  package static func judge(
    _ host: DoctorHost, _ seen: Seen, _ tls: ClientTls, consequence: String, now: Int64
  ) -> DoctorFinding {
    guard let own = seen.chain.first else { return noHandshake(host, seen.failure, consequence) }
    // What ends first ends all of it.
    let first = seen.chain.min { $0.endSeconds < $1.endSeconds } ?? own
    guard let failure = seen.failure else { return trusted(host, own, first, now) }
    if first.endSeconds <= now { return ended(host, first, consequence, now) }
    if let early = seen.chain.first(where: { $0.beginSeconds > now }) {
      return .failed(
        name,
        "\(host.place): the certificate of \(early.subject) counts only from "
          + "\(DoctorWords.day(seconds: early.beginSeconds)).", meanwhile: consequence,
        remedy: "Is this machine's clock right?", type: ["date -u", "timedatectl"])
    }
    if tls.fingerprint != nil, failure.detail.contains("fingerprint") {
      return otherFingerprint(host, seen, consequence)
    }
    // A pinned certificate may be the host's own, and still must name it.
    if !own.isForHost { return otherName(host, own, consequence) }
    return untrusted(host, seen, tls, failure, consequence)
  }

  private static func trusted(
    _ host: DoctorHost, _ own: CertificateFacts, _ first: CertificateFacts, _ now: Int64
  ) -> DoctorFinding {
    let left = first.endSeconds - now
    let ending = "until \(DoctorWords.day(seconds: first.endSeconds))"
    guard TlsIdentity.isEndNear(secondsLeft: left, lifetime: first.lifetimeSeconds) else {
      return .ok(name, "\(host.place): \(own.subject), trusted, \(ending)")
    }
    return .warning(
      name,
      "\(host.place): the certificate of \(first.subject) ends in \(DoctorWords.span(seconds: left)).",
      "It counts \(ending).",
      meanwhile: "Delivery goes on until then; after it nothing is delivered, and events wait in "
        + "the ring.",
      remedy: "Renew it at the server. Where another authority signs the new one, put that into "
        + "elasticsearch.tls.ca before.")
  }

  private static func ended(
    _ host: DoctorHost, _ first: CertificateFacts, _ consequence: String, _ now: Int64
  ) -> DoctorFinding {
    .failed(
      name,
      "\(host.place): the certificate of \(first.subject) ended on "
        + "\(DoctorWords.day(seconds: first.endSeconds)), \(DoctorWords.span(seconds: now - first.endSeconds)) ago.",
      meanwhile: consequence,
      remedy: "Renew it at the server; the agent takes the new one without a restart. If it should "
        + "still count, this machine's clock is wrong.", type: ["date -u"])
  }

  private static func otherName(
    _ host: DoctorHost, _ own: CertificateFacts, _ consequence: String
  ) -> DoctorFinding {
    .failed(
      name,
      "\(host.place): the certificate is for \(own.names.isEmpty ? own.subject : own.names), not "
        + "for \(host.host).", meanwhile: consequence,
      remedy: "Use one of those names in elasticsearch.hosts (an entry of /etc/hosts will do), or "
        + "give the server a certificate with the name \(host.host).")
  }

  private static func otherFingerprint(
    _ host: DoctorHost, _ seen: Seen, _ consequence: String
  ) -> DoctorFinding {
    .failed(
      name,
      "\(host.place) presents no certificate with elasticsearch.tls.fingerprint.",
      "They have \(seen.fingerprints.map(\.description).joined(separator: " and ")).",
      meanwhile: consequence,
      remedy: "Ask whoever runs the server whether its certificate was renewed. If so, set "
        + "elasticsearch.tls.fingerprint to the last of these; if not, somebody is in between.")
  }

  private static func untrusted(
    _ host: DoctorHost, _ seen: Seen, _ tls: ClientTls, _ failure: TransportFailure,
    _ consequence: String
  ) -> DoctorFinding {
    let issuer = seen.chain.last?.issuer ?? ""
    let whom =
      tls.fingerprint != nil
      ? "elasticsearch.tls.fingerprint"
      : tls.caFile.map { "elasticsearch.tls.ca (\($0))" } ?? "this system's authorities"
    let pinned = seen.fingerprints.last.map { "\($0)" } ?? ""
    return .failed(
      name, "\(host.place): its certificate, signed by \(issuer), is not trusted by \(whom).",
      "\(failure.detail).", meanwhile: consequence,
      remedy: "Put the certificate of \(issuer) into a file that elasticsearch.tls.ca names "
        + "(Elasticsearch made it as config/certs/http_ca.crt). Or trust the one presented, once "
        + "you know that it is your server's: elasticsearch.tls.fingerprint: \(pinned)")
  }

  private static func noHandshake(
    _ host: DoctorHost, _ failure: TransportFailure?, _ consequence: String
  ) -> DoctorFinding {
    .failed(
      name, "\(host.place) makes no TLS handshake.", "\(failure?.detail ?? "No certificate came").",
      meanwhile: consequence,
      remedy:
        "Does it speak plain HTTP there? Then elasticsearch.hosts needs http://. If it wants a "
        + "client certificate: elasticsearch.tls.cert and elasticsearch.tls.key.",
      type: ["curl -sS http://\(host.place)/"])
  }
}
