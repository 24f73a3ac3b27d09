/// Odd and hostile requests, each with what must come of it. Some hundred rows: read them as the webhook's contract.
enum HttpExchangeTable {
  private static let good = "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}"
  private static func request(_ line: String, _ headers: [String] = ["Host: x"]) -> [[UInt8]] {
    HttpExchange.raw([line] + headers + ["Content-Length: 2"], "{}")
  }
  private static func flood(_ count: Int, _ bytes: Int) -> [String] {
    (0..<count).map { "X-\($0): \(String(repeating: "x", count: bytes))" }
  }

  // Methods and targets.
  static let targets: [HttpExchange] = [
    .init("GET", HttpExchange.raw(["GET /v1/events HTTP/1.1", "Host: x"]), [405], fault: "method"),
    .init("PUT", request("PUT /v1/events HTTP/1.1"), [405], fault: "method"),
    .init("DELETE", request("DELETE /v1/events HTTP/1.1"), [405], fault: "method"),
    .init("PATCH", request("PATCH /v1/events HTTP/1.1"), [405], fault: "method"),
    .init("OPTIONS", request("OPTIONS /v1/events HTTP/1.1"), [405], fault: "method"),
    .init("TRACE", request("TRACE /v1/events HTTP/1.1"), [405], fault: "method"),
    .init("CONNECT", request("CONNECT x:443 HTTP/1.1"), [404], fault: "path"),
    .init("no method there is", request("BREW /v1/events HTTP/1.1"), [405], fault: "method"),
    .init("a method in lower case", request("post /v1/events HTTP/1.1"), [405], fault: "method"),
    .init("another path", request("POST /v2/events HTTP/1.1"), [404], fault: "path"),
    .init("a slash too many", request("POST /v1/events/ HTTP/1.1"), [404], fault: "path"),
    .init("two slashes in front", request("POST //v1/events HTTP/1.1"), [404], fault: "path"),
    .init("a way around", request("POST /v1/x/../events HTTP/1.1"), [404], fault: "path"),
    .init("the path in capitals", request("POST /V1/EVENTS HTTP/1.1"), [404], fault: "path"),
    .init("a percent-encoded path", request("POST /v1/%65vents HTTP/1.1"), [200], accepted: 1),
    .init("a broken percent sign", request("POST /v1/%zzvents HTTP/1.1"), [404], fault: "path"),
    .init("an encoded NUL", request("POST /v1/events%00x HTTP/1.1"), [404], fault: "path"),
    .init("a query", request("POST /v1/events?a=b&c HTTP/1.1"), [200], accepted: 1),
    .init("an asterisk", request("POST * HTTP/1.1"), [404], fault: "path"),
    .init("an absolute target", request("POST http://x/v1/events HTTP/1.1"), [200], accepted: 1),
    .init(
      "an absolute target in capitals", request("POST HTTP://X:80/v1/events?q HTTP/1.1"), [200],
      accepted: 1),
    .init("an absolute target, no path", request("POST http://x HTTP/1.1"), [404], fault: "path"),
    .init("another scheme", request("POST ftp://x/v1/events HTTP/1.1"), [404], fault: "path"),
    .init(
      "a target of 15 KiB", request("POST /\(String(repeating: "a", count: 15_000)) HTTP/1.1"),
      [404], fault: "path"),
    .init(
      "a target of 200 KiB", request("POST /\(String(repeating: "a", count: 200_000)) HTTP/1.1"),
      [414], .page),
  ]

  // The request line and the protocol.
  static let lines: [HttpExchange] = [
    .init("HTTP/1.0", request("POST /v1/events HTTP/1.0"), [200], .closed, accepted: 1),
    .init(
      "HTTP/1.0 without Host", request("POST /v1/events HTTP/1.0", []), [200], .closed, accepted: 1),
    .init(
      "HTTP/1.0 kept open",
      request("POST /v1/events HTTP/1.0", ["Connection: keep-alive"]), [200], accepted: 1),
    .init("HTTP/0.9", HttpExchange.text("GET /v1/events\r\n\r\n"), [400], .page),
    .init("HTTP/0.9 with POST", HttpExchange.text("POST /v1/events\r\n\r\n{}"), [400], .page),
    .init("HTTP/2.0", request("POST /v1/events HTTP/2.0"), [505], .page),
    .init(
      "HTTP/2 by its preface", HttpExchange.text("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), [505], .page
    ),
    .init("no version there is", request("POST /v1/events HTTP/x"), [400], .page),
    .init("another protocol", request("POST /v1/events SPDY/3"), [400], .page),
    .init(
      "a TLS hello",
      [[0x16, 3, 1, 0, 0xA5, 1, 0, 0, 0xA1, 3, 3] + [UInt8](repeating: 0xAB, count: 155)],
      [], .closed, finishesSending: true),
    .init(
      "JSON lines", HttpExchange.text("{\"n\":1}\n{\"n\":2}\n\n"), [], .closed,
      finishesSending: true),
    .init(
      "nothing but zeros", [[UInt8](repeating: 0, count: 512)], [], .closed, finishesSending: true),
    .init("line ends before the request", HttpExchange.text("\r\n\r\n" + good), [200], accepted: 1),
    .init(
      "lone LF for line ends", HttpExchange.text(good.replacing("\r\n", with: "\n")), [200],
      accepted: 1),
    .init(
      "lone CR for line ends", HttpExchange.text(good.replacing("\r\n", with: "\r")), [], .closed,
      finishesSending: true),
    .init("two blanks in the request line", request("POST  /v1/events  HTTP/1.1"), [], .closed),
    .init("only a method", HttpExchange.text("POST\r\n\r\n"), [], .closed),
    .init("a byte at a time", HttpExchange.bytewise(HttpExchange.text(good)), [200], accepted: 1),
    .init("two requests at once", HttpExchange.text(good + good), [200, 200], accepted: 2),
    .init(
      "a refused one between two",
      HttpExchange.text(
        good + good.replacing("/v1/events", with: "/x") + good), [200, 404, 200], accepted: 2,
      fault: "path"),
    .init(
      "thirty requests at once", HttpExchange.text(String(repeating: good, count: 30)),
      [Int](repeating: 200, count: 30), accepted: 30),
    .init(
      "Connection: close", request("POST /v1/events HTTP/1.1", ["Host: x", "Connection: close"]),
      [200], .closed, accepted: 1),
    .init(
      "an upgrade to WebSocket",
      request(
        "POST /v1/events HTTP/1.1", ["Host: x", "Connection: Upgrade", "Upgrade: websocket"]),
      [200],
      accepted: 1),
    .init(
      "Expect: 100-continue, and then the body",
      [
        HttpExchange.raw([
          "POST /v1/events HTTP/1.1", "Host: x", "Expect: 100-continue", "Content-Length: 2",
        ])[0], Array("{}".utf8),
      ],
      [100, 200], accepted: 1),
    .init(
      "Expect: 100-continue on the wrong path",
      HttpExchange.raw(["POST /x HTTP/1.1", "Host: x", "Expect: 100-continue", "Content-Length: 2"]
      ), [404], .closed, fault: "path"),
    .init(
      "Expect in HTTP/1.0", request("POST /v1/events HTTP/1.0", ["Expect: 100-continue"]), [200],
      .closed, accepted: 1),
    .init(
      "another expectation", request("POST /v1/events HTTP/1.1", ["Host: x", "Expect: miracle"]),
      [200], accepted: 1),
  ]

  // Headers.
  static let headers: [HttpExchange] = [
    .init("no Host", request("POST /v1/events HTTP/1.1", []), [400], .page),
    .init(
      "two Hosts", request("POST /v1/events HTTP/1.1", ["Host: x", "Host: y"]), [400], .closed,
      fault: "framing"),
    .init("an empty Host", request("POST /v1/events HTTP/1.1", ["Host:"]), [200], accepted: 1),
    .init(
      "a folded header", request("POST /v1/events HTTP/1.1", ["Host: x", "X-A: 1", " 2"]), [200],
      accepted: 1),
    .init(
      "a fold before any header", request("POST /v1/events HTTP/1.1", [" Host: x"]), [400], .page),
    .init(
      "a blank before the colon", request("POST /v1/events HTTP/1.1", ["Host: x", "X-A : 1"]),
      [400], .closed, fault: "framing"),
    .init(
      "a blank before the colon of the length",
      HttpExchange.raw(["POST /v1/events HTTP/1.1", "Host: x", "Content-Length : 2"], "{}"), [400],
      .closed, fault: "framing"),
    .init(
      "no colon", request("POST /v1/events HTTP/1.1", ["Host: x", "nonsense"]), [400], .page),
    .init(
      "no name", request("POST /v1/events HTTP/1.1", ["Host: x", ": 1"]), [400, 400], .page,
      fault: "empty"),
    .init(
      "NUL in a value", request("POST /v1/events HTTP/1.1", ["Host: x", "X-A: a\u{0}b"]), [200],
      accepted: 1),
    .init(
      "NUL in a name", request("POST /v1/events HTTP/1.1", ["Host: x", "X-\u{0}: a"]), [400],
      .page),
    .init(
      "a bare CR in a value", request("POST /v1/events HTTP/1.1", ["Host: x", "X-A: a\rX-B: b"]),
      [200], accepted: 1),
    .init(
      "bytes above 127 in a value",
      request("POST /v1/events HTTP/1.1", ["Host: x", "X-A: \u{e9}\u{fffd}"]), [200], accepted: 1),
    .init(
      "tabs around a value", request("POST /v1/events HTTP/1.1", ["Host:\tx\t"]), [200], accepted: 1
    ),
    .init(
      "201 headers", request("POST /v1/events HTTP/1.1", ["Host: x"] + flood(199, 1)), [431],
      fault: "headers_max"),
    .init(
      "2,000 headers", request("POST /v1/events HTTP/1.1", ["Host: x"] + flood(2000, 1)), [431],
      .page),
    .init(
      "17 KiB of headers", request("POST /v1/events HTTP/1.1", ["Host: x"] + flood(17, 1000)),
      [431], fault: "header_max"),
    .init(
      "15 KiB of headers", request("POST /v1/events HTTP/1.1", ["Host: x"] + flood(15, 1000)),
      [200], accepted: 1),
    .init(
      "70 KiB of headers", request("POST /v1/events HTTP/1.1", ["Host: x"] + flood(70, 1000)),
      [431], .page),
    .init(
      "200 KiB of headers", request("POST /v1/events HTTP/1.1", ["Host: x"] + flood(200, 1000)),
      [431], .page),
    .init(
      "one header of 17 KB", request("POST /v1/events HTTP/1.1", ["Host: x"] + flood(1, 17_000)),
      [431], fault: "header_max"),
    .init(
      "two content types",
      request(
        "POST /v1/events HTTP/1.1",
        ["Host: x", "Content-Type: application/json", "Content-Type: text/html"]), [400], .closed,
      fault: "framing"),
    .init(
      "a web form", HttpExchange.post("a=b", ["Content-Type: application/x-www-form-urlencoded"]),
      [415], fault: "content_type"),
    .init(
      "JSON in UTF-16", HttpExchange.post("{}", ["Content-Type: application/json; charset=utf-16"]),
      [415], fault: "content_type"),
    .init(
      "a multipart form",
      HttpExchange.post("--b--", ["Content-Type: multipart/form-data; boundary=b"]), [415],
      fault: "content_type"),
    .init("an empty content type", HttpExchange.post("{}", ["Content-Type:"]), [200], accepted: 1),
    .init(
      "Brotli", HttpExchange.post("{}", ["Content-Encoding: br"]), [415], fault: "content_encoding"),
    .init(
      "gzip twice", HttpExchange.post("{}", ["Content-Encoding: gzip, gzip"]), [415],
      fault: "content_encoding"),
    .init(
      "two encodings",
      HttpExchange.post("{}", ["Content-Encoding: gzip", "Content-Encoding: gzip"]), [400], .closed,
      fault: "framing"),
    .init("identity", HttpExchange.post("{}", ["Content-Encoding: identity"]), [200], accepted: 1),
  ]
}
