import LogPipeline
import TestSupport
import Testing

/// Goal: whatever stands in the files, there is a certificate or a clear error; and its end is known.
@Suite struct TlsIdentityTests {
  private let certificates: TestCertificates

  init() throws {
    Log.setMinimum(.silent)
    certificates = try TestCertificates()
  }

  private var settings: TlsSettings {
    TlsSettings(
      certificateFile: certificates.server.certificate, keyFile: certificates.server.key)
  }

  private func identity(_ settings: TlsSettings) throws -> TlsIdentity {
    try TlsIdentity(settings, clock: SystemClock())
  }

  @Test func `what can not be used is said with its setting and file`() throws {
    let other = try certificates.client("other")
    let broken = "\(certificates.folder.path)/broken"
    try FileSystem.replace(broken, with: Array("nothing".utf8))
    let locked = "\(certificates.folder.path)/locked"
    try FileSystem.replace(
      locked, with: Array("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n".utf8))
    func trial(_ change: (inout TlsSettings) -> Void) -> String {
      var settings = settings
      change(&settings)
      do {
        _ = try identity(settings)
        return "taken"
      } catch { return "\(error)" }
    }
    #expect(trial { _ in } == "taken")
    #expect(
      trial { $0.certificateFile = broken }.contains("inputs.tls.cert (\(broken)): there is no PEM")
    )
    #expect(trial { $0.keyFile = broken }.contains("inputs.tls.key (\(broken)): there is no PEM"))
    #expect(trial { $0.keyFile = other.key }.contains("does not belong to the key"))
    #expect(trial { $0.keyFile = locked }.contains("has a passphrase"))
    #expect(trial { $0.clientCaFile = broken }.contains("inputs.tls.client_ca (\(broken))"))
    #expect(trial { $0.keyFile = "/nowhere/key" }.contains("can not be read"))
  }

  @Test func `the seconds until its end are those of the certificate`() throws {
    try certificates.renewServer(days: 10)
    let left = try identity(settings).snapshot.secondsLeft
    #expect((86_400 * 10 - 600...86_400 * 10).contains(left))
    try certificates.renewServer(days: -1)
    #expect(try identity(settings).snapshot.secondsLeft < 0, "an ended one is used, and told of")
  }

  @Test func `files are read once they have stood still for a look`() throws {
    let identity = try identity(settings)
    identity.look()
    #expect(identity.snapshot.renewals == 0)
    try certificates.renewServer(named: "renewed")
    identity.look()
    #expect(identity.snapshot.renewals == 0)
    identity.look()
    #expect(identity.snapshot.renewals == 1)
    #expect(identity.snapshot.subject == "CN=renewed")
    identity.look()
    #expect(identity.snapshot.renewals == 1)
  }

  @Test func `files that are missing for a while cost nothing`() throws {
    let identity = try identity(settings)
    let away = "\(certificates.folder.path)/away"
    try FileSystem.rename(certificates.server.key, to: away)
    for _ in 0..<3 { identity.look() }
    #expect(identity.snapshot.renewalsFailed == 1, "tried once, not at each look")
    #expect(identity.snapshot.trouble != nil)
    try FileSystem.rename(away, to: certificates.server.key)
    for _ in 0..<2 { identity.look() }
    #expect(identity.snapshot.trouble == nil)
  }
}
