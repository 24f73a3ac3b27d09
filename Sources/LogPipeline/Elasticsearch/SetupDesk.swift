/// Sends what a setup asks and changes; in a dry run the questions alone.
package final class SetupDesk {
  package typealias Send = (HttpRequest) -> Result<HttpAnswer, TransportFailure>

  private let send: Send
  package let isDryRun: Bool
  /// All that changed something, or would have.
  package private(set) var changes: [HttpRequest] = []

  package init(isDryRun: Bool = false, send: @escaping Send) {
    (self.isDryRun, self.send) = (isDryRun, send)
  }

  /// A request that leaves the server as it is.
  func ask(_ request: HttpRequest) -> Result<HttpAnswer, TransportFailure> { send(request) }

  func ask(_ path: String) -> Result<HttpAnswer, TransportFailure> {
    ask(HttpRequest(method: .get, path: path))
  }

  /// A request that changes something; a dry run takes it for granted that the server would do it.
  func change(
    _ method: HttpRequest.Method, _ path: String, _ body: JsonValue?
  ) -> Result<HttpAnswer, TransportFailure> {
    var request = HttpRequest(method: method, path: path)
    // Some servers refuse a body where none belongs.
    if let body {
      request.contentType = "application/json"
      request.body = Array(body.text.utf8)
    }
    changes.append(request)
    return isDryRun ? .success(HttpAnswer(status: 200)) : send(request)
  }

  /// The last change was refused and another one takes its place.
  func forgetLastChange() { _ = changes.popLast() }
}
