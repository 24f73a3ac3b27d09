import CGnutls

/// The secret under which content and user ids are fingerprinted (HMAC-SHA-256), and its public id.
package struct ContentKey: Sendable {
  /// Never shown, logged or stored but in its file.
  let secret: [UInt8]
  /// Eight hexadecimal digits of SHA-256 over the key: tells fingerprints of different keys apart, and gives nothing away.
  package let id: String

  package static let bytesMin = 16
  private static let madeBytes = 32
  /// Of ten milliseconds each.
  private static let lockTriesMax = 500

  /// - Throws: ``PrivacyError`` for a key under ``bytesMin`` bytes.
  package init(_ secret: [UInt8]) throws(PrivacyError) {
    guard secret.count >= Self.bytesMin else {
      throw PrivacyError.keyTooShort(foundBytes: secret.count)
    }
    self.secret = secret
    var digest = [UInt8](repeating: 0, count: 32)
    let status = unsafe gnutls_hash_fast(GNUTLS_DIG_SHA256, secret, secret.count, &digest)
    guard status == 0 else { throw PrivacyError.library(operation: "SHA-256", status: status) }
    id = String(decoding: HexText.of(digest.prefix(4)), as: UTF8.self)
  }

  /// A key from the configuration: any bytes, or the digits of 32, as `content.key` and "openssl rand -hex 32" write them,
  /// so that a key is the same key wherever its file is named.
  package init(given bytes: [UInt8]) throws(PrivacyError) {
    let decoded = HexText.bytes(bytes)
    try self.init(decoded?.count == Self.madeBytes ? decoded ?? bytes : bytes)
  }

  /// The key kept in a file; the first start makes it, mode 0600 and on disk before it is used.
  package static func loadOrCreate(path: String) throws(PrivacyError) -> ContentKey {
    do {
      return try FileSystem.exists(path) ? load(path: path) : create(path: path)
    } catch let error as PrivacyError {
      throw error
    } catch let error as SystemError {
      throw PrivacyError.keyFile(path: path, cause: error)
    } catch {
      invariantIsBroken("only PrivacyError and SystemError are thrown here: \(error)")
    }
  }

  private static func load(path: String) throws -> ContentKey {
    let mode = try FileSystem.status(of: path).mode
    guard mode & 0o077 == 0 else { throw PrivacyError.keyFileOpen(path: path, mode: mode) }
    let text = try FileSystem.read(path, limitBytes: 4096)
    guard let secret = HexText.bytes(text), secret.count == madeBytes else {
      throw PrivacyError.keyFileDamaged(path: path)
    }
    return try ContentKey(secret)
  }

  /// Of several first starts at once one makes it and the others take that one: a key that only one process knows would
  /// make fingerprints nobody can compare.
  private static func create(path: String) throws -> ContentKey {
    let temporary = "\(path).new"
    let file = try FileDescriptor(opening: temporary, .readWrite, create: true, mode: 0o600)
    var triesLeft = lockTriesMax
    while try !file.tryLock() {
      triesLeft -= 1
      guard triesLeft > 0 else {
        throw SystemError(
          code: SystemError.inputOutput, operation: "wait for who else makes \(path)")
      }
      PosixThread.sleep(.milliseconds(10))
    }
    if FileSystem.exists(path) {
      try? FileSystem.remove(temporary)
      return try load(path: path)
    }
    var secret = [UInt8](repeating: 0, count: madeBytes)
    let status = unsafe gnutls_rnd(GNUTLS_RND_KEY, &secret, secret.count)
    guard status == 0 else { throw PrivacyError.library(operation: "random bytes", status: status) }
    let key = try ContentKey(secret)
    // An attempt that was cut short may have left something.
    try file.truncate(to: 0)
    try file.write(HexText.of(secret[...]) + [UInt8(ascii: "\n")])
    try file.sync()
    try FileSystem.rename(temporary, to: path)
    try FileSystem.syncDirectory(FileSystem.parent(of: path))
    return key
  }
}
