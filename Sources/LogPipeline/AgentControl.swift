/// What a running agent can be asked to do over its control socket.
package enum AgentControl {
  static func commands(_ consumers: AgentConsumers) -> [ControlCommand] {
    [
      ControlCommand(DeadLetterRetry.command) { request throws(ControlError) in
        guard let resender = consumers.resender else {
          throw .refused("it delivers to no Elasticsearch; set elasticsearch.hosts")
        }
        guard let given = request["letters"]?.elements else {
          throw .refused("the request has no letters")
        }
        let letters = given.compactMap(ResentLetter.init)
        guard letters.count == given.count else {
          throw .refused("\(given.count - letters.count) of the letters are none")
        }
        let (outcomes, notNoted) = resender.resend(letters)
        let answers = zip(letters, outcomes).map { letter, outcome in
          JsonValue.object([("_id", .string(letter.place.id))] + (outcome.json.members ?? []))
        }
        return answers + (notNoted.map { [.object([("not_noted", .string($0))])] } ?? [])
      }
    ]
  }

  /// What a running agent goes on telling.
  static func streams(
    _ tap: EventTap, _ usage: [UsageBook], clock: any Clock,
    status: @escaping @Sendable () -> StatusSnapshot
  ) -> [ControlStream] {
    [
      ControlStream(TapSource.command) { request throws(ControlError) in
        try TapSource(tap, request: request)
      },
      ControlStream(StatusSource.command) { _ throws(ControlError) in
        for book in usage { book.watch() }
        return StatusSource(
          clock: clock, status: { StatusDocument.json(status()) },
          close: { for book in usage { book.unwatch() } })
      },
    ]
  }

  /// Serves until it is stopped; nil, with the reason in the log, when that can not be: the agent works without.
  static func start(
    _ settings: AgentSettings, _ consumers: AgentConsumers, _ reload: AgentReload,
    _ streams: [ControlStream], clock: any Clock
  ) -> ControlServer? {
    do {
      let server = try ControlServer(
        path: settings.controlPath, commands: commands(consumers) + self.settings(reload),
        streams: streams,
        clock: clock)
      try server.start()
      return server
    } catch {
      Log.warning("\(error)")
      return nil
    }
  }
}
