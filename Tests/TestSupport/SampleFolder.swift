package import LogPipeline

/// The folder with captured payloads of real senders that the environment names.
package enum SampleFolder {
  package static let path = Environment.value(of: "SHEEPSHIPPER_TEST_SAMPLES")

  package static let missing =
    "no captured payloads to send: set SHEEPSHIPPER_TEST_SAMPLES to the folder that holds them"

  /// The files in it that hold events, one to a line.
  package static let eventFiles = [
    "litellm-generic-api.ndjson", "python-logstash-async.ndjson", "otlp-genai-spans.ndjson",
  ]
  package static let requestFile = "litellm-generic-api.requests.ndjson"

  /// The lines of one file, without their ends.
  package static func lines(of file: String) throws -> [[UInt8]] {
    try FileSystem.read("\(path ?? "")/\(file)").split(separator: UInt8(ascii: "\n"))
      .map(Array.init)
  }

  /// Requests as they were captured.
  package static func requests() throws -> [CapturedRequest] {
    try lines(of: requestFile).map { CapturedRequest(try JsonValue.parse($0)) }
  }
}

/// One HTTP request of a real sender.
package struct CapturedRequest: Sendable {
  package let method: String
  package let path: String
  package let headers: [(String, String)]
  package let body: [UInt8]

  init(_ captured: JsonValue) {
    method = captured["method"]?.string ?? ""
    path = captured["path"]?.string ?? ""
    headers = (captured["headers"]?.elements ?? []).map {
      ($0[0]?.string ?? "", $0[1]?.string ?? "")
    }
    body = Array((captured["body"]?.string ?? "").utf8)
  }

  package func header(_ name: String) -> String? {
    headers.first { $0.0.lowercased() == name.lowercased() }?.1
  }

  /// The events of its body: an array's elements, or one to a line.
  package func events() throws -> [JsonValue] {
    if body.first == UInt8(ascii: "[") { return try JsonValue.parse(body).elements ?? [] }
    return try body.split(separator: UInt8(ascii: "\n")).map { try JsonValue.parse(Array($0)) }
  }
}
