/// The hashes that audit logs of AI relays carry: the first 16 hexadecimal digits of SHA-256 over the JSON text that Python's
/// `json.dumps(value, sort_keys=True)` writes.
///
/// Not keyed: who can guess the content can make the same hash. Ours is `content_hmac`.
package enum AuditHash {
  private static let digits = 16

  package static func of(_ value: JsonValue) -> String {
    let digest = SecretBytes.fingerprint(of: Array(PythonJson.text(of: value).utf8))
    return String(decoding: HexText.of(digest[...]).prefix(digits), as: UTF8.self)
  }

  /// The hashes of one line or file: those of an entry's `request` and `response` where it has them, else of all of it.
  package struct Entry: Equatable, Sendable {
    package var value: String?
    package var request: String?
    package var response: String?
    /// Whether they are what the entry itself says (`request_hash`, `response_hash`); nil: it says nothing.
    package var isRequestAsSaid: Bool?
    package var isResponseAsSaid: Bool?

    package init(_ json: JsonValue) {
      request = json["request"].map(AuditHash.of)
      response = json["response"].map(AuditHash.of)
      if request == nil, response == nil { value = AuditHash.of(json) }
      isRequestAsSaid = Self.agrees(request, json["request_hash"])
      isResponseAsSaid = Self.agrees(response, json["response_hash"])
    }

    /// An empty hash says that there was none to be made.
    private static func agrees(_ made: String?, _ said: JsonValue?) -> Bool? {
      guard let made, let said = said?.string, !said.isEmpty else { return nil }
      return made == said
    }

    package var disagrees: Bool { isRequestAsSaid == false || isResponseAsSaid == false }

    package var json: JsonValue {
      var members: [(key: String, value: JsonValue)] = []
      for (key, text) in [("hash", value), ("request_hash", request), ("response_hash", response)] {
        if let text { members.append((key, .string(text))) }
      }
      for (key, flag) in [
        ("request_hash_agrees", isRequestAsSaid), ("response_hash_agrees", isResponseAsSaid),
      ] {
        if let flag { members.append((key, .bool(flag))) }
      }
      return .object(members)
    }

    package var text: String {
      if let value { return value }
      return [("request", request, isRequestAsSaid), ("response", response, isResponseAsSaid)]
        .compactMap { name, hash, isAsSaid in
          hash.map { "\(name) \($0)" + (isAsSaid == false ? " (the entry says another)" : "") }
        }.joined(separator: "  ")
    }
  }
}
