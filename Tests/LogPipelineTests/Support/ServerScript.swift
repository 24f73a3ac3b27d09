import LogPipeline

/// A server by hand: one answer for each method and path; anything else finds nobody there.
final class ServerScript {
  private(set) var requests: [String] = []
  /// Of what was put.
  private(set) var bodies: [String] = []
  private let answers: [String: HttpAnswer]

  init(_ answers: [String: (Int, String)], headers: [String: String] = [:]) {
    self.answers = answers.mapValues {
      HttpAnswer(status: $0.0, headers: headers, body: Array($0.1.utf8))
    }
  }

  func send(_ request: HttpRequest) -> Result<HttpAnswer, TransportFailure> {
    let key = "\(request.method.rawValue) \(request.path)"
    requests.append(key)
    if request.method == .put { bodies.append(String(decoding: request.body, as: UTF8.self)) }
    if let answer = answers[key] { return .success(answer) }
    return .failure(TransportFailure(kind: .refused, detail: "d", mayBeStored: false))
  }
}
