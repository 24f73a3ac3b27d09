/// The server as the checks ask it. Each question is asked when it is first needed, and changes nothing.
package final class DoctorServer {
  package let desk: SetupDesk
  package let template: IndexTemplate
  /// Where an event of this moment goes: the daily index, or the data stream.
  package let index: String
  /// How findings name it.
  package let place: String
  /// Why nothing more can be asked of it; nil: it answers.
  package private(set) var obstacle: String?
  private var known: ServerProduct?

  /// `send` is never used for what would change something, but by ``RoundTripCheck``.
  package init(
    _ template: IndexTemplate, index: String, place: String, send: @escaping SetupDesk.Send
  ) {
    (self.template, self.index, self.place) = (template, index, place)
    // What it is told to change it only notes.
    desk = SetupDesk(isDryRun: true, send: send)
  }

  package func setObstacle(_ reason: String) { obstacle = reason }

  package func note(_ product: ServerProduct) { known = product }

  /// What it says it is; asked once.
  package var product: ServerProduct {
    if let known { return known }
    var product = ServerProduct()
    if obstacle == nil, case .success(let found) = ServerProduct.ask(desk) { product = found }
    known = product
    return product
  }

  /// The answer to a question, read as JSON.
  package enum Reply: Equatable {
    case found(JsonValue)
    /// 404, or an answer that names nothing of the kind.
    case missing
    /// The finding of a check that may not ask.
    case notAllowed(String)
    case unreadable(String)
  }

  package func ask(_ request: HttpRequest) -> Reply {
    switch desk.ask(request) {
    case .failure(let failure): return .unreadable("no answer: \(failure.detail)")
    case .success(let answer):
      switch answer.status {
      case 200:
        if let tree = try? JsonValue.parse(answer.body) { return .found(tree) }
        return .unreadable("the answer is no JSON")
      case 404: return .missing
      case 401, 403: return .notAllowed("this user may not look (HTTP \(answer.status))")
      case 400, 405: return .unreadable("this server does not tell (HTTP \(answer.status))")
      default: return .unreadable("HTTP \(answer.status): \(SetupOutcome.reason(answer))")
      }
    }
  }

  package func ask(_ path: String) -> Reply { ask(HttpRequest(method: .get, path: path)) }
}
