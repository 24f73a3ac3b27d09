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
      let resume = max(pausedUntil, hosts.earliest)
      guard resume <= now, let host = hosts.next(at: now) else {
        sleep(until: resume)
        continue
      }
      let outcome = installer.run { transport.send($0, to: hosts.url(of: host)) }
      guard case .notYet(let verdict) = outcome else {
        hosts.noteSuccess(host)
        return tell(outcome)
      }
      wait(after: verdict, host: host)
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

  private func wait(after verdict: Verdict, host: Int) {
    switch verdict {
    case .pause(let error):
      pauseAll("the index template can not be asked for\(Self.words(error))")
      rereadCredentials()
    case .again(let cause, let error, let wait, _):
      hosts.noteFailure(host, at: now, atLeast: wait, using: &random)
      context.monitor.setState(
        .backingOff(reason: "\(cause.rawValue)\(Self.words(error))"), of: number)
      complain(
        cause.rawValue,
        """
        Elasticsearch at \(hosts.url(of: host)) can not be asked for the index template \
        yet\(Self.words(error)). Events are taken in and kept meanwhile\
        \(Self.advice(cause)).
        """, isError: false)
    default:
      hosts.noteFailure(host, at: now, atLeast: nil, using: &random)
    }
  }
}
