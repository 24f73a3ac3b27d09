import Synchronization

extension Sender {
  /// No event is sent before the index template was looked at: the first document of a day would choose the mapping.
  /// The first sender does it, the others wait for it.
  func prepareTemplate() {
    guard settings.installsTemplate, let template = context.template else { return }
    guard number == 0 else {
      _ = context.controls[number].take()
      return
    }
    let installer = TemplateInstaller(template: template, replaces: settings.replacesTemplate)
    while !context.stop.isAsked {
      let now = now
      let (choice, url, resume) = context.board.withLock { board in
        let choice = board.begin(at: now)
        return (
          choice, choice.map { board.hosts.url(of: $0.host) } ?? "", board.resume(at: now) ?? now
        )
      }
      guard let choice else {
        sleep(until: resume)
        continue
      }
      let outcome = installer.run { transport.send($0, to: url) }
      context.board.withLock { $0.end() }
      guard case .notYet(let verdict) = outcome else {
        context.board.withLock {
          $0.hosts.succeed(choice, took: self.now.since(now), rawBytes: 0, at: self.now)
        }
        return tell(outcome)
      }
      wait(after: verdict, choice, url)
    }
  }

  private func tell(_ outcome: TemplateInstaller.Outcome) {
    context.monitor.update { $0.template = outcome.text }
    switch outcome {
    case .installed: Log.info("Installed the index template \(IndexTemplate.name).")
    case .alreadyThere, .notYet: break
    case .drift(let what):
      Log.warning(
        """
        The index template \(IndexTemplate.name) is not the one this version would install: \(what). \
        It is left as it is; new indices follow it.
        """)
    case .notAllowed(let why):
      Log.warning(
        """
        The index template \(IndexTemplate.name) can not be installed: \(why). Events are sent all \
        the same. Grant manage_index_templates, or let an administrator install it.
        """)
    case .refused(let why):
      Log.error(
        """
        The server refuses the index template \(IndexTemplate.name): \(why). Events are sent all the \
        same, with types the server guesses.
        """)
    }
    for control in context.controls.dropFirst() { control.force(.templateReady) }
  }

  private func wait(after verdict: Verdict, _ choice: Hosts.Choice, _ url: String) {
    if case .pause(let error) = verdict {
      let reason = "the index template can not be asked for\(DeliveryWords.of(error))"
      let wait = context.board.withLock { board in
        board.hosts.succeed(choice, took: .zero, rawBytes: 0, at: now)
        return board.pause(at: now)
      }
      context.monitor.setState(.paused(reason: reason), of: number)
      complain("pause", DeliveryWords.pause(reason, wait), isError: true)
      return rereadCredentials()
    }
    var rest: Duration?
    if case .again(let cause, let error, let wait, _) = verdict {
      rest = wait
      context.monitor.setState(
        .backingOff(reason: "\(cause.rawValue)\(DeliveryWords.of(error))"), of: number)
      complain(
        cause.rawValue,
        """
        Elasticsearch at \(url) can not be asked for the index template yet\(DeliveryWords.of(error)). \
        Events are taken in and kept meanwhile\(DeliveryWords.advice(cause)).
        """, isError: false)
    }
    context.board.withLock {
      $0.hosts.fail(choice, at: now, atLeast: rest, using: &$0.random)
    }
  }
}
