import TestSupport

// What frames the body, and what it holds.
extension HttpExchangeTable {
  private static func lengths(_ values: [String], _ body: String = "{}") -> [[UInt8]] {
    HttpExchange.raw(
      ["POST /v1/events HTTP/1.1", "Host: x"] + values.map { "Content-Length:\($0)" }, body)
  }
  private static func coded(_ headers: [String], _ body: String = "2\r\n{}\r\n0\r\n\r\n")
    -> [[UInt8]]
  {
    HttpExchange.raw(["POST /v1/events HTTP/1.1", "Host: x"] + headers, body)
  }
  private static let gzip = ["Content-Encoding: gzip"]
  /// What compresses badly enough to fill several blocks, in lines.
  static let zipped = Gzip.compress(
    Array((0..<3000).map { "{\"n\":\($0 &* 7919 % 10_007)}\n" }.joined().utf8))
  private static func flipped(_ at: Int) -> [UInt8] {
    var bytes = Gzip.compress(Array("{\"n\":1}\n{\"n\":2}\n".utf8))
    bytes[at < 0 ? bytes.count + at : at] ^= 0xFF
    return bytes
  }
  private static let small = Gzip.compress(Array("{\"n\":1}\n{\"n\":2}\n".utf8))

  static let framing: [HttpExchange] = [
    .init(
      "a length and chunks", coded(["Content-Length: 12", "Transfer-Encoding: chunked"]), [400],
      .closed, fault: "framing"),
    .init(
      "chunks and a length", coded(["Transfer-Encoding: chunked", "Content-Length: 12"]), [400],
      .closed, fault: "framing"),
    .init("two lengths", lengths([" 2", " 3"]), [400], .closed, fault: "framing"),
    .init("the same length twice", lengths([" 2", " 2"]), [400], .closed, fault: "framing"),
    .init("a list of lengths", lengths([" 2, 2"]), [400], .page),
    .init("a length with a sign", lengths([" +2"]), [400], .page),
    .init("a negative length", lengths([" -2"]), [400], .page),
    .init("a hexadecimal length", lengths([" 0x2"]), [400], .page),
    .init("a length with a fraction", lengths([" 2.0"]), [400], .page),
    .init("no length in the header", lengths([""]), [400], .page),
    .init("words for a length", lengths([" two"]), [400], .page),
    .init("a length with blanks around", lengths(["   2  "]), [400], .page),
    .init("a length with zeros in front", lengths([" 0000002"]), [200], accepted: 1),
    .init("a length of 2^63", lengths([" 9223372036854775808"]), [413], .closed, fault: "body_max"),
    .init("a length of 2^64 and 2", lengths([" 18446744073709551618"]), [413], .page),
    .init("a length of 30 digits", lengths([" 100000000000000000000000000002"]), [413], .page),
    .init("a length over the limit", lengths([" 100000000"]), [413], .closed, fault: "body_max"),
    .init(
      "a length shorter than the body", lengths([" 2"], "{}garbage\r\n\r\n"), [200], .closed,
      accepted: 1),
    .init(
      "a body shorter than its length", lengths([" 9"]), [], .closed, accepted: 1,
      finishesSending: true),
    .init(
      "no length at all", HttpExchange.raw(["POST /v1/events HTTP/1.1", "Host: x"]), [400],
      fault: "empty"),
    .init("chunks", coded(["Transfer-Encoding: chunked"]), [200], accepted: 1),
    .init(
      "chunks, a byte at a time", HttpExchange.bytewise(coded(["Transfer-Encoding: chunked"])),
      [200], accepted: 1),
    .init("chunks in capitals", coded(["Transfer-Encoding: CHUNKED"]), [200], accepted: 1),
    .init(
      "chunks with extensions",
      coded(["Transfer-Encoding: chunked"], "2;a=b;c=\"d\"\r\n{}\r\n0;e\r\n\r\n"), [200],
      accepted: 1),
    .init(
      "chunks with trailers",
      coded(["Transfer-Encoding: chunked"], "2\r\n{}\r\n0\r\nX-A: b\r\n\r\n"), [200], accepted: 1),
    .init(
      "a chunk for each byte",
      coded(["Transfer-Encoding: chunked"], "1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"), [200], accepted: 1),
    .init(
      "zeros before a chunk's size",
      coded(["Transfer-Encoding: chunked"], "0002\r\n{}\r\n0\r\n\r\n"), [200], accepted: 1),
    .init(
      "no chunk but the last", coded(["Transfer-Encoding: chunked"], "0\r\n\r\n"), [400],
      fault: "empty"),
    .init(
      "a chunk size of letters", coded(["Transfer-Encoding: chunked"], "zz\r\n{}\r\n0\r\n\r\n"),
      [400], .page),
    .init(
      "a negative chunk size", coded(["Transfer-Encoding: chunked"], "-2\r\n{}\r\n0\r\n\r\n"),
      [400], .page),
    .init(
      "a chunk size with 0x", coded(["Transfer-Encoding: chunked"], "0x2\r\n{}\r\n0\r\n\r\n"),
      [400], .page),
    .init(
      "a chunk size of 17 digits",
      coded(["Transfer-Encoding: chunked"], "10000000000000002\r\n{}\r\n0\r\n\r\n"), [413], .page),
    .init(
      "an empty chunk size", coded(["Transfer-Encoding: chunked"], "\r\n{}\r\n0\r\n\r\n"), [400],
      .page),
    .init(
      "a chunk longer than its size", coded(["Transfer-Encoding: chunked"], "1\r\n{}\r\n0\r\n\r\n"),
      [400], .page),
    .init(
      "chunks cut off", coded(["Transfer-Encoding: chunked"], "2\r\n{}\r\n"), [], .closed,
      accepted: 1, finishesSending: true),
    .init(
      "a chunk cut off", coded(["Transfer-Encoding: chunked"], "9\r\n{}"), [], .closed,
      accepted: 1, finishesSending: true),
    .init(
      "gzip, chunked", coded(["Transfer-Encoding: gzip, chunked"]), [400], .closed, fault: "framing"
    ),
    .init(
      "chunked twice", coded(["Transfer-Encoding: chunked, chunked"]), [400], .closed,
      fault: "framing"),
    .init(
      "two transfer encodings",
      coded(["Transfer-Encoding: chunked", "Transfer-Encoding: identity"]), [400], .closed,
      fault: "framing"),
    .init(
      "identity for a transfer encoding", coded(["Transfer-Encoding: identity"], "{}"), [400],
      .closed, fault: "framing"),
    .init(
      "no transfer encoding there is", coded(["Transfer-Encoding: xchunked"]), [400], .closed,
      fault: "framing"),
    .init(
      "a vertical tab before chunked", coded(["Transfer-Encoding: \u{b}chunked"]), [400], .closed,
      fault: "framing"),
    .init(
      "a request within the body of one",
      lengths(
        [" 60"], "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}".padding(60)),
      [200], accepted: 1, refused: 3),
  ]

  static let json: [HttpExchange] = [
    .init("an object", HttpExchange.post("{\"model\":\"m\"}"), [200], accepted: 1),
    .init("an array", HttpExchange.post("[{\"a\":1},{\"a\":2}]"), [200], accepted: 2),
    .init("an empty array", HttpExchange.post("[]"), [200]),
    .init(
      "arrays in an array", HttpExchange.post("[[{\"a\":1}],{\"a\":2}]"), [200], accepted: 1,
      refused: 1),
    .init(
      "nothing but arrays",
      HttpExchange.post(String(repeating: "[", count: 40) + String(repeating: "]", count: 40)),
      [400], refused: 1, fault: "nothing_taken"),
    .init(
      "scalars in an array", HttpExchange.post("[1,\"a\",null,true,{}]"), [200], accepted: 1,
      refused: 4),
    .init(
      "an array without its end", HttpExchange.post("[{},{}"), [400], accepted: 2, refused: 1,
      fault: "array"),
    .init(
      "an array without a comma", HttpExchange.post("[{}{}]"), [400], accepted: 1, refused: 1,
      fault: "array"),
    .init(
      "an array with a comma at its end", HttpExchange.post("[{},]"), [400], accepted: 1,
      refused: 1, fault: "array"),
    .init(
      "something after an array", HttpExchange.post("[{}]{}"), [400], accepted: 1, refused: 1,
      fault: "array"),
    .init("NDJSON", HttpExchange.post("{\"a\":1}\n{\"a\":2}\n"), [200], accepted: 2),
    .init(
      "NDJSON with CRLF and blank lines", HttpExchange.post("{\"a\":1}\r\n\r\n{\"a\":2}\r\n"),
      [200], accepted: 2),
    .init(
      "a bad line between good ones", HttpExchange.post("{\"a\":1}\n{\"a\":\n{\"a\":2}\n"), [200],
      accepted: 2, refused: 1),
    .init("a byte order mark", HttpExchange.post("\u{feff}{}"), [200], accepted: 1),
    .init("nothing but a byte order mark", HttpExchange.post("\u{feff}"), [400], fault: "empty"),
    .init(
      "two byte order marks", HttpExchange.post("\u{feff}\u{feff}{}"), [200], accepted: 1),
    .init(
      "UTF-16", HttpExchange.post([0xFF, 0xFE, 0x7B, 0, 0x7D, 0]), [400], refused: 1,
      fault: "nothing_taken"),
    .init(
      "bytes that are no UTF-8",
      HttpExchange.post(Array("{\"a\":\"".utf8) + [0xC3, 0x28] + Array("\"}".utf8)), [400],
      refused: 1, fault: "nothing_taken"),
    .init("NaN", HttpExchange.post("{\"a\":NaN}"), [400], refused: 1, fault: "nothing_taken"),
    .init(
      "a number too large for a double", HttpExchange.post("{\"a\":1e999}"), [400], refused: 1,
      fault: "nothing_taken"),
    .init("single quotes", HttpExchange.post("{'a':1}"), [400], refused: 1, fault: "nothing_taken"),
    .init("a comment", HttpExchange.post("{} // fine\n"), [200], accepted: 1, refused: 1),
    .init(
      "an object cut off", HttpExchange.post("{\"a\":"), [400], refused: 1, fault: "nothing_taken"),
    .init(
      "33 levels",
      HttpExchange.post(
        String(repeating: "{\"a\":", count: 33) + "1" + String(repeating: "}", count: 33)), [400],
      refused: 1, fault: "nothing_taken"),
    .init(
      "2,001 keys",
      HttpExchange.post("{" + (0..<2001).map { "\"k\($0)\":1" }.joined(separator: ",") + "}"),
      [400], refused: 1, fault: "nothing_taken"),
    .init(
      "a frame over the limit beside a good one",
      HttpExchange.post("{\"a\":\"\(String(repeating: "x", count: 70_000))\"}\n{}\n"), [200],
      accepted: 1, refused: 1),
    .init("blanks alone", HttpExchange.post(" \r\n\t "), [400], fault: "empty"),
    .init("NULs", HttpExchange.post([0, 0, 0]), [400], refused: 1, fault: "nothing_taken"),
    .init("a key twice", HttpExchange.post("{\"a\":1,\"a\":2}"), [200], accepted: 1),
    .init(
      "a body over the limit, in chunks",
      HttpExchange.chunked("186a1\r\n" + String(repeating: " ", count: 100_001) + "\r\n0\r\n\r\n"),
      [413], fault: "body_max"),
  ]

  static let compressed: [HttpExchange] = [
    .init("gzip", HttpExchange.post(small, gzip), [200], accepted: 2),
    .init(
      "gzip, a byte at a time", HttpExchange.bytewise(HttpExchange.post(small, gzip)), [200],
      accepted: 2),
    .init("gzip in chunks", HttpExchange.post(zipped, gzip), [200], accepted: 3000),
    .init("a second member", HttpExchange.post(small + small, gzip), [200], accepted: 4),
    .init(
      "an empty second member", HttpExchange.post(small + Gzip.compress([]), gzip), [200],
      accepted: 2),
    .init(
      "garbage after the end", HttpExchange.post(small + Array("garbage".utf8), gzip), [400],
      accepted: 2, fault: "gzip"),
    .init(
      "a wrong checksum", HttpExchange.post(flipped(-8), gzip), [400], fault: "gzip"),
    .init(
      "a wrong length", HttpExchange.post(flipped(-1), gzip), [400], fault: "gzip"),
    .init("a wrong first byte", HttpExchange.post(flipped(0), gzip), [400], fault: "gzip"),
    .init("a method there is not", HttpExchange.post(flipped(2), gzip), [400], fault: "gzip"),
    .init("reserved flags", HttpExchange.post(flipped(3), gzip), [400], fault: "gzip"),
    .init("a wrong first block", HttpExchange.post(flipped(10), gzip), [400], fault: "gzip"),
    .init("plain text called gzip", HttpExchange.post("{}", gzip), [400], fault: "gzip"),
    .init("nothing, called gzip", HttpExchange.post("", gzip), [400], fault: "empty"),
    .init("nothing, compressed", HttpExchange.post(Gzip.compress([]), gzip), [400], fault: "empty"),
    .init(
      "a bomb", HttpExchange.post(Gzip.compress([UInt8](repeating: 0x20, count: 8 << 20)), gzip),
      [413], fault: "ratio_max"),
    .init(
      "a bomb of one long frame",
      HttpExchange.post(
        Gzip.compress(Array("{\"a\":\"".utf8) + [UInt8](repeating: 0x78, count: 8 << 20)), gzip),
      [413], refused: 1, fault: "ratio_max"),
    .init("gzip not said", HttpExchange.post(small), [400], refused: 1, fault: "nothing_taken"),
  ]
}

extension String {
  fileprivate func padding(_ length: Int) -> String {
    self + String(repeating: " ", count: max(0, length - utf8.count))
  }
}
