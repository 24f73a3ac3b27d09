import LogPipeline
import TestSupport

extension IntakeConfiguration {
  /// Both ports with the test's certificates.
  mutating func useTls(_ certificates: TestCertificates, tcp: TlsUse, webhook: TlsUse) {
    var settings = TlsSettings(
      certificateFile: certificates.server.certificate, keyFile: certificates.server.key)
    settings.clientCaFile = certificates.authority.certificate
    tls = settings
    self.tcp?.tls = tcp
    self.webhook?.tls = webhook
  }
}
