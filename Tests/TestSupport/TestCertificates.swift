import CTestTls
import LogPipeline

/// An authority and certificates from it, made anew for one test in a folder of its own.
package struct TestCertificates {
  package struct Failed: Error, CustomStringConvertible {
    package let description: String
  }

  /// A certificate and its key, as files.
  package struct Files: Sendable {
    package let certificate: String
    package let key: String
  }

  package let folder: TemporaryFolder
  package let authority: Files
  /// For "localhost", from the authority.
  package let server: Files

  package init() throws {
    folder = try TemporaryFolder()
    authority = Self.files("authority", in: folder)
    server = Self.files("server", in: folder)
    try Self.make(authority, name: "test authority", purposes: ctesttls_authority)
    try renewServer()
  }

  /// Writes another certificate and key where the server's are, which counts for so many days from now on; below 0: it
  /// has ended.
  package func renewServer(named name: String = "localhost", days: Int64 = 90) throws {
    try Self.make(
      server, name: name, purposes: ctesttls_for_servers, from: authority, days: days)
  }

  /// A client's certificate from the authority, or from `issuer`.
  package func client(
    _ name: String, from issuer: Files? = nil, days: Int64 = 90, forServers: Bool = false
  ) throws -> Files {
    let files = Self.files(name, in: folder)
    try Self.make(
      files, name: name, purposes: forServers ? ctesttls_for_servers : ctesttls_for_clients,
      from: issuer ?? authority, days: days)
    return files
  }

  /// Another authority, that nobody trusts yet.
  package func otherAuthority() throws -> Files {
    let files = Self.files("other-authority", in: folder)
    try Self.make(files, name: "other authority", purposes: ctesttls_authority)
    return files
  }

  private static func files(_ name: String, in folder: TemporaryFolder) -> Files {
    Files(certificate: "\(folder.path)/\(name).crt", key: "\(folder.path)/\(name).key")
  }

  private static func make(
    _ files: Files, name: String, purposes: Int32, from issuer: Files? = nil, days: Int64 = 90
  ) throws {
    let now = SystemClock().wallMilliseconds() / 1000
    let status = unsafe ctesttls_make(
      files.certificate, files.key, issuer?.certificate, issuer?.key, name,
      now - 86_400 * 60, now + days * 86_400, purposes)
    guard status == 0 else { throw Failed(description: "GnuTLS answers \(status)") }
  }
}
