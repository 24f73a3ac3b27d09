import LogPipeline

// Keys and signatures.
extension HttpExchangeTable {
  /// Opens the table's webhook, as the keys `SignedRequest` signs with.
  static let token = "Authorization: Bearer right"
  private static func signed(_ change: (inout SignedRequest) -> Void) -> [[UInt8]] {
    var request = SignedRequest("{\"n\":1}")
    change(&request)
    return [request.bytes]
  }
  private static func id(_ text: String) -> [[UInt8]] { signed { $0.id = text } }

  static var keys: [HttpExchange] {
    [
      .init("the token", HttpExchange.post("{}", [token]), [200], accepted: 1),
      .init("no key", HttpExchange.post("{}"), [401], fault: "key_missing"),
      .init(
        "another token", HttpExchange.post("{}", ["Authorization: Bearer wrong"]), [401],
        fault: "key_wrong"),
      .init(
        "the token's beginning", HttpExchange.post("{}", ["Authorization: Bearer righ"]), [401],
        fault: "key_wrong"),
      .init(
        "no token after Bearer", HttpExchange.post("{}", ["Authorization: Bearer "]), [401],
        fault: "key_wrong"),
      .init(
        "another scheme", HttpExchange.post("{}", ["Authorization: Basic right"]), [401],
        fault: "key_wrong"),
      .init(
        "two Authorizations", HttpExchange.post("{}", [token, "Authorization: Bearer wrong"]),
        [400], .closed, fault: "framing"),
      .init(
        "no key, and a body of 1 MiB", HttpExchange.post([UInt8](repeating: 0x20, count: 1 << 20)),
        [401], fault: "key_missing"),
      .init(
        "a token that has ended", HttpExchange.post("{}", ["Authorization: Bearer ended"]), [401],
        fault: "key_expired"),
      .init("a signature", id("sig_1"), [200], accepted: 1),
      .init("its repeat", id("sig_1"), [200]),
      .init(
        "its repeat with another time", signed { ($0.id, $0.ageSeconds) = ("sig_1", 7) }, [200]),
      .init(
        "its repeat with another body",
        signed { ($0.id, $0.body) = ("sig_1", Array("{\"n\":2}".utf8)) }, [200], accepted: 1),
      .init(
        "a signature, a byte at a time", HttpExchange.bytewise(id("sig_2")), [200], accepted: 1),
      .init("a signature over chunks", chunkedSigned("sig_3"), [200], accepted: 1),
      .init("a signature over gzip", signedGzip("sig_4"), [200], accepted: 3000),
      .init(
        "the second of three signatures",
        signed {
          $0.id = "sig_5"; $0.signature = $0.rightBetweenWrongOnes
        }, [200], accepted: 1),
      .init(
        "no signature of version 1", signed { $0.signature = "v2,abc v1a,def" }, [401],
        fault: "signature_wrong"),
      .init("no signature at all", signed { $0.signature = "" }, [401], fault: "signature_wrong"),
      .init(
        "a signature of another body", signed { $0.signedBody = Array("{}".utf8) }, [401],
        fault: "signature_wrong"),
      .init(
        "a signature by another key", signed { $0.key = [UInt8](repeating: 8, count: 24) }, [401],
        fault: "signature_wrong"),
      .init(
        "a signature by a key that has ended", signed { $0.key = [UInt8](repeating: 9, count: 24) },
        [401], fault: "key_expired"),
      .init(
        "a signature cut short", signed { $0.signature = "v1,AAAA" }, [401],
        fault: "signature_wrong"),
      .init(
        "a wrong signature beside the right token",
        signed {
          $0.signature = "v1,AAAA"; $0.headers = [token]
        }, [401], fault: "signature_wrong"),
      .init("no webhook-id", signed { $0.id = nil }, [401], fault: "key_missing"),
      .init("an empty webhook-id", signed { $0.id = "" }, [401], fault: "key_missing"),
      .init(
        "two webhook-ids", signed { $0.headers = ["webhook-id: other"] }, [400], .closed,
        fault: "framing"),
      .init(
        "a time six minutes old", signed { $0.ageSeconds = 360 }, [401], fault: "signed_age_max"),
      .init(
        "a time six minutes ahead", signed { $0.ageSeconds = -360 }, [401], fault: "signed_age_max"),
      .init(
        "a time in milliseconds", signed { $0.timestamp = "1795219200000" }, [401],
        fault: "signed_age_max"),
      .init("a time that is none", signed { $0.timestamp = "now" }, [401], fault: "signed_age_max"),
      .init("a negative time", signed { $0.timestamp = "-1" }, [401], fault: "signed_age_max"),
      .init(
        "a time beyond counting", signed { $0.timestamp = String(repeating: "9", count: 40) },
        [401], fault: "signed_age_max"),
      .init(
        "a signed body over its limit",
        signed { $0.body = [UInt8](repeating: 0x20, count: 70_000) }, [413],
        fault: "signed_body_max"),
      .init(
        "a signed body that is refused", signed { ($0.id, $0.body) = ("sig_6", Array("7".utf8)) },
        [400], refused: 1, fault: "nothing_taken"),
      .init(
        "and again: it was not remembered",
        signed { ($0.id, $0.body) = ("sig_6", Array("7".utf8)) }, [400], refused: 1,
        fault: "nothing_taken"),
      .init(
        "a signed web form", signed { $0.headers = ["Content-Type: text/html"] }, [415],
        fault: "content_type"),
    ]
  }

  private static func chunkedSigned(_ id: String) -> [[UInt8]] {
    var request = SignedRequest("{\"n\":1}", id: id)
    request.headers = ["Transfer-Encoding: chunked"]
    return HttpExchange.raw(
      ["POST /v1/events HTTP/1.1", "Host: x"] + request.signedHeaders,
      "3\r\n{\"n\r\n4\r\n\":1}\r\n0\r\n\r\n")
  }

  private static func signedGzip(_ id: String) -> [[UInt8]] {
    var request = SignedRequest(zipped)
    (request.id, request.headers) = (id, ["Content-Encoding: gzip"])
    return [request.bytes]
  }
}

extension SignedRequest {
  /// As a sender signs while it changes its key.
  fileprivate var rightBetweenWrongOnes: String {
    let time = "\(SystemClock().wallMilliseconds() / 1000)"
    let right = Self.signature(id: id ?? "", timestamp: time, body: body, key: key)
    return "v1,AAAA \(right) v1a,BBBB"
  }
}
