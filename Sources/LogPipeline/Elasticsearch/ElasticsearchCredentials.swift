/// Who we are to Elasticsearch. Its text never shows a secret.
package enum ElasticsearchCredentials: Sendable, CustomStringConvertible {
  case none
  case basic(user: String, password: CredentialSource)
  /// The encoded key, or `id:key` as the API shows it.
  case apiKey(CredentialSource)
  case bearer(CredentialSource)

  package var description: String {
    switch self {
    case .none: "none"
    case .basic(let user, _): "basic (user \(user))"
    case .apiKey: "API key"
    case .bearer: "bearer token"
    }
  }

  /// The value of the `Authorization` header, read now; nil without credentials.
  ///
  /// - Throws: ``DeliveryError`` when a file can not be read or holds nothing usable.
  func authorization() throws(DeliveryError) -> String? {
    switch self {
    case .none: return nil
    case .basic(let user, let password):
      return try "Basic \(Self.base64(Array("\(user):\(password.read())".utf8)))"
    case .apiKey(let source):
      let key = try source.read()
      return "ApiKey \(key.contains(":") ? Self.base64(Array(key.utf8)) : key)"
    case .bearer(let source): return try "Bearer \(source.read())"
    }
  }

  static func base64(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var out: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let count = min(3, bytes.count - start)
      var group: UInt32 = 0
      for offset in 0..<3 {
        group = group << 8 | (offset < count ? UInt32(bytes[start + offset]) : 0)
      }
      for digit in 0..<4 {
        let value = Int(group >> UInt32(18 - 6 * digit) & 63)
        out.append(digit <= count ? alphabet[value] : UInt8(ascii: "="))
      }
    }
    return String(decoding: out, as: UTF8.self)
  }
}
