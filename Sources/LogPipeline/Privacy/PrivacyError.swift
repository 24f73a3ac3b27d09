/// Why content can not be fingerprinted with a key. Without a key nothing is taken in, so no content gets out unkeyed.
package enum PrivacyError: Error, Equatable, CustomStringConvertible {
  case keyTooShort(foundBytes: Int)
  case keyFile(path: String, cause: SystemError)
  case keyFileDamaged(path: String)
  case keyFileOpen(path: String, mode: UInt32)
  case library(operation: String, status: Int32)

  package var description: String {
    switch self {
    case .keyTooShort(let foundBytes):
      """
      The privacy key has \(foundBytes) bytes, at least \(ContentKey.bytesMin) are needed. \
      Nothing was taken in; make one with "openssl rand -hex 32".
      """
    case .keyFile(let path, let cause):
      """
      The privacy key at \(path) can not be read or made: \(cause). Nothing was taken in. \
      Correct the rights of that folder (agent.state_dir), or choose another.
      """
    case .keyFileDamaged(let path):
      """
      The privacy key at \(path) is not one that was written here. Nothing was taken in. \
      Restore the file; if it is lost, remove it: fingerprints made from then on will not match the old ones.
      """
    case .keyFileOpen(let path, let mode):
      """
      The privacy key at \(path) has mode \(String(mode, radix: 8)): others may have read it. \
      Nothing was taken in. Replace the key, or accept it with "chmod 600 \(path)".
      """
    case .library(let operation, let status):
      """
      GnuTLS refused \(operation) (\(status)). Nothing was taken in. \
      Check that the system's libgnutls is whole and its FIPS mode allows HMAC-SHA-256.
      """
    }
  }
}
