extension Sender {
  /// No event is sent before the index template was looked at: the first document of a day would choose the mapping.
  /// The first sender does it, the others wait for it.
  func prepareTemplate() {
    guard settings.installsTemplate, let template = context.template else { return }
    guard number == 0 else {
      _ = context.controls[number].take()
      return
    }
    let setup = EssentialSetup(template, replaces: settings.replacesTemplate)
    while !context.stop.isAsked {
      let now = now
      let resume = max(pausedUntil, hosts.earliest)
      guard resume <= now, let host = hosts.next(at: now) else {
        sleep(until: resume)
        continue
      }
      let url = hosts.url(of: host)
      let result = setup.run(SetupDesk { [self] in transport.send($0, to: url) })
      guard case .notYet(let verdict) = result.template else {
        hosts.noteSuccess(host)
        tellPolicy(result, template)
        return tell(result.template, template)
      }
      wait(after: verdict, host: host)
    }
  }

  private func tell(_ outcome: SetupOutcome, _ template: IndexTemplate) {
    let name = template.name
    context.monitor.update { $0.template = outcome.text }
    switch outcome {
    case .installed: Log.info("Installed the index template \(name).")
    case .replaced: Log.info("Replaced the index template \(name).")
    case .alreadyThere, .notYet, .notAvailable: break
    case .drift(let what):
      Log.warning(
        """
        The index template \(name) is not the one this version would install: \(what). It is left as \
        it is; new indices follow it. To get ours: sheepshipper setup --replace.
        """)
    case .overruled(let what): Log.warning("The index template \(name) has no effect: \(what).")
    case .notAllowed(let why):
      Log.warning(
        """
        The index template \(name) can not be looked at or installed: \(why). Events are sent all \
        the same\(template.isDataStream ? "; without it the first one makes a plain index" : ""). \
        Let an administrator run sheepshipper setup once, and set elasticsearch.template to false.
        """)
    case .refused(let why):
      Log.error(
        """
        The server refuses the index template \(name): \(why). Events are sent all the same, with \
        types the server guesses. See what sheepshipper setup says.
        """)
    }
    for control in context.controls.dropFirst() { control.force(.templateReady) }
  }

  private func tellPolicy(_ result: EssentialSetup.Result, _ template: IndexTemplate) {
    guard let outcome = result.policy, let policy = template.retention else { return }
    let nothing = "Nothing of ours deletes indices after \(policy.ageText)"
    switch outcome {
    case .installed, .replaced:
      Log.info("Installed the retention policy \(policy.name): indices go after \(policy.ageText).")
    case .alreadyThere, .overruled: break
    case .notYet:
      Log.warning(
        """
        The retention policy \(policy.name) could not be looked at: the server gave no answer of use. \
        Events are sent all the same. See what sheepshipper setup says.
        """)
    case .drift(let what):
      Log.warning(
        """
        The retention policy \(policy.name) is not what elasticsearch.retention asks for: \(what). It \
        is left as it is and holds. To get ours: sheepshipper setup --replace.
        """)
    case .notAllowed(let why):
      Log.warning(
        """
        The retention policy \(policy.name) can not be looked at or installed: \(why). Let an \
        administrator run sheepshipper setup once.
        """)
    case .refused(let why):
      Log.error("The server refuses the retention policy \(policy.name): \(why). \(nothing).")
    case .notAvailable:
      Log.warning(
        """
        \(nothing): this server (\(result.product)) has no lifecycle management. Delete them by hand \
        or by a job of your own.
        """)
    }
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
