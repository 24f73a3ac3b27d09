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
    let setup = EssentialSetup(template, replaces: settings.replacesTemplate)
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
      let result = setup.run(SetupDesk { [self] in transport.send($0, to: url) })
      context.board.withLock { $0.end() }
      guard case .notYet(let verdict) = result.template else {
        context.board.withLock {
          $0.hosts.succeed(choice, took: self.now.since(now), rawBytes: 0, at: self.now)
        }
        tellPolicy(result, template)
        return tell(result.template, template)
      }
      wait(after: verdict, choice, url)
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

  private func wait(after verdict: Verdict, _ choice: Hosts.Choice, _ url: String) {
    context.board.withLock { $0.noteStopped(at: now) }
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
