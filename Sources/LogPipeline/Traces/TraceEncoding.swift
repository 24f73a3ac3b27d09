/// The two ways in which OTLP writes its messages over HTTP. An answer is written as its request was.
package enum TraceEncoding: Sendable {
  case json, protobuf

  /// nil: the content type is another one, or there is none.
  init?(contentType: String?) {
    let type = (contentType ?? "").prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" }
    switch type.lowercased() {
    case "application/json": self = .json
    case "application/x-protobuf", "application/protobuf": self = .protobuf
    default: return nil
    }
  }

  var contentType: String {
    switch self {
    case .json: "application/json"
    case .protobuf: "application/x-protobuf"
    }
  }

  /// What goes through a body of so many bytes.
  func reader(bodyBytes: Int, spanBytesMax: Int) -> any TraceReading {
    switch self {
    case .json: JsonTraces(bodyBytes: bodyBytes, spanBytesMax: spanBytesMax)
    case .protobuf: ProtobufTraces(bodyBytes: bodyBytes, spanBytesMax: spanBytesMax)
    }
  }
}
