import CGnutls

/// What a certificate says of itself; nothing of it is checked.
package struct CertificateFacts: Equatable, Sendable {
  /// "CN=es.example".
  package let subject: String
  package let issuer: String
  /// The hosts it is for: "es.example, 10.0.0.5"; empty: none are named.
  package let names: String
  /// From when to when it counts, in seconds since 1970.
  package let beginSeconds: Int64
  package let endSeconds: Int64
  /// Whether it signs others.
  package let isAuthority: Bool
  /// Whether it is meant for the host that was asked for.
  package let isForHost: Bool

  /// Of the first certificate of a PEM text; nil when there is none.
  package init?(pem: [UInt8], host: String = "") {
    var facts = cgnutls_facts()
    guard unsafe cgnutls_read_facts(pem, pem.count, host, &facts) != 0 else { return nil }
    subject = Self.text(facts.subject)
    issuer = Self.text(facts.issuer)
    names = Self.text(facts.names)
    (beginSeconds, endSeconds) = (facts.from, facts.to)
    (isAuthority, isForHost) = (facts.is_authority != 0, facts.is_for_host != 0)
  }

  /// How long it counts in all.
  package var lifetimeSeconds: Int64 { endSeconds - beginSeconds }

  /// All certificates of a file, as texts of their own.
  package static func pieces(of pem: [UInt8]) -> [[UInt8]] {
    let end = "-----END CERTIFICATE-----"
    return String(decoding: pem, as: UTF8.self).split(separator: end).compactMap { piece in
      guard let begin = piece.firstRange(of: "-----BEGIN CERTIFICATE-----") else { return nil }
      return Array("\(piece[begin.lowerBound...])\(end)\n".utf8)
    }
  }

  /// The text in an array of C.
  private static func text<Characters>(_ characters: Characters) -> String {
    unsafe withUnsafeBytes(of: characters) { bytes in
      unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}
