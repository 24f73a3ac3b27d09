/// Whether this machine's clock and the server's agree.
package struct ClockCheck: DoctorCheck {
  package static let name = "clock"

  private let server: DoctorServer
  private let clock: any Clock

  package init(_ server: DoctorServer, clock: any Clock) {
    (self.server, self.clock) = (server, clock)
  }

  package func run() -> [DoctorFinding] {
    if let obstacle = server.obstacle { return [.skipped(Self.name, obstacle)] }
    let began = clock.wallMilliseconds()
    // Elasticsearch itself sends no date; what stands before it often does, and nodes tell theirs to whoever may ask.
    guard
      case .success(let answer) = server.desk.ask("/_nodes/stats/fs?filter_path=nodes.*.timestamp")
    else { return [.skipped(Self.name, "no answer")] }
    let middle = began + (clock.wallMilliseconds() - began) / 2
    return [Self.judge(server: Self.time(of: answer), here: middle)]
  }

  /// What the answer says of the server's time, in milliseconds since 1970; nil: nothing.
  package static func time(of answer: HttpAnswer) -> Int64? {
    if let date = answer.headers["date"].flatMap(RetryAfter.milliseconds) { return date }
    guard answer.status == 200, let tree = try? JsonValue.parse(answer.body) else { return nil }
    return tree["nodes"]?.members?.compactMap { $0.value["timestamp"]?.integer }.max()
  }

  package static func judge(server: Int64?, here: Int64) -> DoctorFinding {
    guard let server else {
      return .skipped(
        name, "the server sends no Date header, and its time only to whoever has monitor")
    }
    let off = here - server
    let size = Duration.milliseconds(abs(off))
    let words = DoctorWords.span(seconds: off / 1000)
    let way = off > 0 ? "ahead of" : "behind"
    if size < DoctorLimits.clockWarned {
      return .ok(name, "agrees with the server's, within \(words)")
    }
    let consequence =
      "Every event is taken and kept. Those without a time of their own get a wrong one, and at "
      + "midnight the wrong day's index."
    let commands = ["timedatectl", "chronyc tracking"]
    guard size >= DoctorLimits.clockFailed else {
      return .warning(
        name, "this machine's clock is \(words) \(way) the server's.", meanwhile: consequence,
        remedy: "Let chrony or systemd-timesyncd keep it right:", type: commands)
    }
    return .failed(
      name, "this machine's clock is \(words) \(way) the server's.",
      "This machine says \(TextAmount.moment(UInt64(clamping: here))), the server "
        + "\(TextAmount.moment(UInt64(clamping: server))).",
      meanwhile: consequence
        + " Signed requests (inputs.webhook.hmac) are refused, and certificates seem to begin or "
        + "end at the wrong moment.",
      remedy: "Let chrony or systemd-timesyncd keep it right, on whichever of the two is wrong:",
      type: commands)
  }
}
