/// How one thing that a setup looks after stands in the end.
package enum SetupOutcome: Equatable {
  case installed
  case alreadyThere
  /// Was there with other content, and ours took its place.
  case replaced
  /// There with other content; left as it is.
  case drift(String)
  /// Ours is there, but another one wins over it.
  case overruled(String)
  /// This user may not look or install.
  case notAllowed(String)
  case refused(String)
  /// The server has no such thing.
  case notAvailable
  /// Nothing is known yet: ask again.
  case notYet(Verdict)

  package var text: String {
    switch self {
    case .installed: "installed"
    case .alreadyThere: "already there"
    case .replaced: "replaced"
    case .drift(let what): "drift: \(what)"
    case .overruled(let what): "overruled: \(what)"
    case .notAllowed(let why): "not allowed: \(why)"
    case .refused(let why): "refused: \(why)"
    case .notAvailable: "not available"
    case .notYet: "waiting for the server"
    }
  }

  /// An answer that is none to the question asked: nothing is known.
  static func notYet(_ answer: HttpAnswer) -> SetupOutcome {
    let verdict = Judge.judge(.success(answer), itemsSent: 0, wallMilliseconds: 0)
    return .notYet(answer.status == 200 ? unreadable(answer) : verdict)
  }

  static func notYet(_ failure: TransportFailure) -> SetupOutcome { .notYet(Judge.judge(failure)) }

  private static func unreadable(_ answer: HttpAnswer) -> Verdict {
    .again(
      cause: .unreadableAnswer, error: BulkAnswer.wholeError(answer), wait: nil,
      mayBeStored: false)
  }

  /// The server's own words about what it refused; no document is in them.
  static func reason(_ answer: HttpAnswer) -> String {
    let error = BulkAnswer.wholeError(answer)
    return ReasonScrubber.cut(error.reason.isEmpty ? "HTTP \(answer.status)" : error.reason)
  }
}
