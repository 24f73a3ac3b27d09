import LogPipeline
import Testing

@Suite struct ContentHasherTests {
  private func key(_ text: String) throws -> ContentKey { try ContentKey(Array(text.utf8)) }

  private func update(_ hasher: ContentHasher, _ text: String) {
    let bytes = Array(text.utf8)
    unsafe bytes.withUnsafeBytes { unsafe hasher.update($0) }
  }

  private func hash(_ hasher: ContentHasher, _ text: String) -> String {
    let bytes = Array(text.utf8)
    return unsafe bytes.withUnsafeBytes {
      String(decoding: unsafe hasher.hash($0), as: UTF8.self)
    }
  }

  /// RFC 4231, test case 1: twenty bytes of 0x0b over "Hi There".
  @Test func `the fingerprint is HMAC-SHA-256`() throws {
    let hasher = try ContentHasher(key: ContentKey([UInt8](repeating: 0x0b, count: 20)))
    update(hasher, "Hi There")
    #expect(hasher.finish().prefix(8) == [0xb0, 0x34, 0x4c, 0x61, 0xd8, 0xdb, 0x38, 0x53])
    update(hasher, "Hi ")
    update(hasher, "There")
    var text: [UInt8] = []
    hasher.finishText(into: &text)
    #expect(String(decoding: text, as: UTF8.self) == "b0344c61d8db38535ca8afceaf0bf12b")
    #expect(text.count == ContentHasher.textBytes)
  }

  @Test func `a remembered fingerprint is the computed one`() throws {
    let hasher = try ContentHasher(key: key("0123456789abcdef"))
    let first = hash(hasher, "user-1")
    #expect(hash(hasher, "user-1") == first)
    #expect(hash(hasher, "user-2") != first)
    let long = String(repeating: "x", count: 5000)
    #expect(hash(hasher, long) == hash(hasher, long))
    for index in 0..<5000 { _ = hash(hasher, "user-\(index)") }
    #expect(hash(hasher, "user-1") == first)
    #expect(try hash(ContentHasher(key: key("0123456789abcdeF")), "user-1") != first)
  }

  /// SHA-256 of sixteen zero bytes starts 374708ff.
  @Test func `a key's id is the start of its SHA-256`() throws {
    #expect(try ContentKey([UInt8](repeating: 0, count: 16)).id == "374708ff")
    #expect(throws: PrivacyError.keyTooShort(foundBytes: 15)) {
      try ContentKey([UInt8](repeating: 0, count: 15))
    }
  }

  @Test func `a key is made once, kept for its owner alone, and read back`() throws {
    let folder = try FileSystem.makeTemporaryDirectory(prefix: "key-")
    defer { try? FileSystem.removeDirectory(folder) }
    let path = "\(folder)/hmac.key"
    defer { try? FileSystem.remove(path) }
    let made = try ContentKey.loadOrCreate(path: path)
    #expect(try FileSystem.status(of: path).mode == 0o600)
    #expect(try ContentKey.loadOrCreate(path: path).id == made.id)
    try FileSystem.replace(path, with: Array("00ff\n".utf8))
    #expect(throws: PrivacyError.keyFileDamaged(path: path)) {
      try ContentKey.loadOrCreate(path: path)
    }
    try FileSystem.replace(path, with: Array(repeating: UInt8(ascii: "a"), count: 64), mode: 0o644)
    #expect(throws: PrivacyError.keyFileOpen(path: path, mode: 0o644)) {
      try ContentKey.loadOrCreate(path: path)
    }
    #expect(throws: PrivacyError.self) {
      try ContentKey.loadOrCreate(path: "\(folder)/nowhere/hmac.key")
    }
  }
}
