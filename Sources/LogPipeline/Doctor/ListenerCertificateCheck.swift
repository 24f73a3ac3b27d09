/// Whether the certificate of our own inputs can be used, and for how long.
package struct ListenerCertificateCheck: DoctorCheck {
  package static let name = "inputs tls"

  private let settings: TlsSettings?
  private let clock: any Clock

  /// nil: no certificate is configured.
  package init(_ settings: TlsSettings?, clock: any Clock) {
    (self.settings, self.clock) = (settings, clock)
  }

  package func run() -> [DoctorFinding] {
    guard let settings else {
      return [.skipped(Self.name, "no certificate is set (inputs.tls.cert): no TLS")]
    }
    let pem = (try? FileSystem.read(settings.certificateFile, limitBytes: 1 << 20)) ?? []
    return [
      Self.judge(
        settings, TlsIdentity.fault(of: settings),
        CertificateFacts.pieces(of: pem).compactMap { CertificateFacts(pem: $0) },
        now: clock.wallMilliseconds() / 1000)
    ]
  }

  /// `fault`: why the files can not be used.
  package static func judge(
    _ settings: TlsSettings, _ fault: String?, _ chain: [CertificateFacts], now: Int64
  ) -> DoctorFinding {
    if let fault {
      return .failed(
        name, fault,
        meanwhile: "\(DoctorWords.notStarted) One that runs goes on with the certificate it has.",
        remedy: "Then sheepshipper validate says whether it fits; a running agent takes it by "
          + "itself.")
    }
    guard let first = chain.min(by: { $0.endSeconds < $1.endSeconds }) else {
      return .skipped(name, "\(settings.certificateFile) can not be read")
    }
    let left = first.endSeconds - now
    let day = DoctorWords.day(seconds: first.endSeconds)
    let renew = "Put a new one into \(settings.certificateFile); it is taken without a restart."
    if left <= 0 {
      return .failed(
        name,
        "\(first.subject) ended on \(day), \(DoctorWords.span(seconds: left)) ago.",
        meanwhile:
          "Senders turn away from the inputs; what they can not send they keep or lose, by "
          + "their own rules. What was accepted is delivered.", remedy: renew)
    }
    if first.beginSeconds > now {
      return .failed(
        name, "\(first.subject) counts only from \(DoctorWords.day(seconds: first.beginSeconds)).",
        meanwhile: "Senders turn away from the inputs. What was accepted is delivered.",
        remedy: "Is this machine's clock right?", type: ["date -u"])
    }
    guard TlsIdentity.isEndNear(secondsLeft: left, lifetime: first.lifetimeSeconds) else {
      return .ok(name, "\(first.subject), until \(day)")
    }
    return .warning(
      name, "\(first.subject) ends in \(DoctorWords.span(seconds: left)), on \(day).",
      meanwhile: "All goes on until then; after it senders turn away.", remedy: renew)
  }
}
