import LogPipeline
import Testing

/// Goal: the hashes are those that the audit logs' own code makes.
/// Method: figures of Python 3.11's hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16].
@Suite struct AuditHashTests {
  @Test(arguments: [
    (
      #"{"model":"gpt-4.1","messages":[{"role":"user","content":"Hello, how are you?"}],"temperature":0.7,"max_tokens":500}"#,
      "88ab348c6d2699a1"
    ),
    (
      #"{"id":"chatcmpl-1","choices":[{"index":0,"message":{"role":"assistant","content":"Grüße, 世界 🐑\n\"ok\""},"finish_reason":"stop"}],"usage":{"prompt_tokens":12,"completion_tokens":7,"total_tokens":19}}"#,
      "e5fe2c70c6400179"
    ),
    ("{}", "44136fa355b3678a"), ("[]", "4f53cda18c2baa0c"), ("null", "74234e98afe7498f"),
    (#""x""#, "ba2df4903a2c14e8"), ("1.0", "d0ff5974b6aa52cf"),
    ("{\"b\":1,\"a\":2,\"B\":3,\"é\":4,\"z\":5,\"😀\":6,\"\u{ffff}\":7}", "9fd7e92b8d1f0ec8"),
    (
      "[1e16,1e-05,0.0001,123456789012345680.0,5e-324,1.7976931348623157e308,-0.0,100.0,0.1,1e22,9007199254740993,1.5e300,9999999999999998.0,12345.678]",
      "8b0d03774e773466"
    ),
    (#"{"a":1,"a":2}"#, "e5a9d5b0300e0f50"), (#""\u007f\b\f\t\r\u0001/""#, "d0dca396d8e93ac2"),
    (
      #"{"metadata":{"team":"x"},"cost_usd":0.010872,"ok":true,"none":null}"#, "1a659fc38e5b5e88"
    ),
  ])
  func `a value's hash is Python's`(json: String, hash: String) throws {
    #expect(AuditHash.of(try JsonValue.parse(json)) == hash, "\(json)")
    // However it is written.
    let spread = json.hasPrefix("{") ? json.replacing(",\"", with: " ,\n \"") : json
    #expect(AuditHash.of(try JsonValue.parse(spread)) == hash, "\(spread)")
  }

  @Test func `of an entry the request's and the response's are made and compared`() throws {
    let said = AuditHash.Entry(
      try JsonValue.parse(
        #"{"audit_id":"a-1","request":{},"response":[],"request_hash":"44136fa355b3678a","response_hash":"0000000000000000"}"#
      ))
    #expect(said.value == nil)
    #expect(said.request == "44136fa355b3678a")
    #expect(said.response == "4f53cda18c2baa0c")
    #expect(said.isRequestAsSaid == true)
    #expect(said.isResponseAsSaid == false)
    #expect(said.disagrees)
    // A failure's hash is "".
    let failed = AuditHash.Entry(
      try JsonValue.parse(#"{"request":{},"response":null,"response_hash":""}"#))
    #expect(!failed.disagrees)
    #expect(AuditHash.Entry(try JsonValue.parse("{}")).value == "44136fa355b3678a")
  }
}
