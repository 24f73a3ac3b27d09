/// All of `setup` at one server: policy, template, data stream, indices that are there already.
package struct ServerSetup {
  private let template: IndexTemplate
  private let choices: SetupChoices
  private let desk: SetupDesk

  package init(_ template: IndexTemplate, _ choices: SetupChoices, _ desk: SetupDesk) {
    (self.template, self.choices, self.desk) = (template, choices, desk)
  }

  /// Asks the server what it is, then does what is to be done. `host` is how the report names it.
  package func run(at host: String) -> SetupReport {
    switch ServerProduct.ask(desk) {
    case .failure(let failure):
      let step = SetupStep(
        subject: "server", name: host, happened: "no answer: \(failure.detail)", grade: .failed,
        advice:
          "Is it up, and elasticsearch.hosts right? --dry-run --for elasticsearch-8 shows what "
          + "would be sent, without a server.")
      return SetupReport(product: ServerProduct(), steps: [step], template: template, desk: desk)
    case .success(let product):
      var step = SetupStep(
        subject: "server", name: host, happened: "\(product)", grade: .good)
      if product.name == .unknown {
        step = SetupStep(
          subject: "server", name: host,
          happened: "it does not tell this user what it is; tried as if it knew the least",
          grade: .note, advice: "The privilege monitor lets it tell.")
      }
      return run([step] + privileges(product), at: product)
    }
  }

  /// The same for a server that is not asked: nothing of ours is there yet.
  package func run(as product: ServerProduct, called name: String) -> SetupReport {
    let step = SetupStep(
      subject: "server", name: name, happened: "not asked: taken for new and empty", grade: .note)
    return run([step], at: product)
  }

  private func run(_ before: [SetupStep], at product: ServerProduct) -> SetupReport {
    var steps = before
    let result = EssentialSetup(template, replaces: choices.replaces).run(desk, at: product)
    if let policy = result.policy, let retention = template.retention {
      steps.append(step(of: policy, retention, product))
    } else if result.policy == nil {
      steps.append(noRetention)
    }
    steps.append(step(of: result.template))
    var isReached = true
    if case .notYet = result.template { isReached = false }
    if isReached {
      steps += formerTemplate()
      if template.isDataStream { steps.append(dataStream()) }
      if let retention = template.retention, Self.holds(result.policy) {
        let indices = ExistingIndices(
          policy: retention, product: product, isApplied: choices.appliesToExisting, desk: desk)
        steps += indices.run()
      }
    }
    return SetupReport(product: product, steps: steps, template: template, desk: desk)
  }

  private static func holds(_ policy: SetupOutcome?) -> Bool {
    switch policy {
    case .installed, .alreadyThere, .replaced, .drift: true
    default: false
    }
  }

  // The single steps.

  /// What this user may do, where the server says so. No answer is no fault: the steps show it.
  private func privileges(_ product: ServerProduct) -> [SetupStep] {
    guard product.name == .elasticsearch else { return [] }
    let roles = AccessRoles(template)
    var request = HttpRequest(
      method: .post, path: "/_security/user/_has_privileges", contentType: "application/json")
    request.body = Array(roles.question.text.utf8)
    guard case .success(let answer) = desk.ask(request), answer.status == 200,
      let tree = try? JsonValue.parse(answer.body), let user = tree["username"]?.string
    else { return [] }
    let groups = [tree["cluster"]] + (tree["index"]?.members?.map(\.value) ?? [])
    let missing = groups.compactMap { $0?.members }.joined().filter { $0.value.bool == false }
      .map(\.key)
    if missing.isEmpty {
      return [
        SetupStep(
          subject: "privileges", name: user, happened: "has all that setup needs", grade: .good)
      ]
    }
    return [
      SetupStep(
        subject: "privileges", name: user,
        happened: "lacks \(missing.joined(separator: ", ")); what follows shows whether it matters",
        grade: .note)
    ]
  }

  private var noRetention: SetupStep {
    SetupStep(
      subject: "retention", name: template.indexPattern,
      happened: "elasticsearch.retention is not set: nothing of ours deletes old indices",
      grade: .note,
      advice: template.isDataStream
        ? "Nothing rolls the data stream over either: set elasticsearch.retention."
        : "Set elasticsearch.retention, such as 90d, or delete them yourself: \(deletion).")
  }

  /// How old indices go without a policy.
  private var deletion: String {
    template.isDataStream
      ? "POST /\(template.indexPattern)/_rollover now and then, and DELETE the indices before it"
      : "DELETE /\(template.indexPattern.replacing("*", with: "2026.01.31")) and so on"
  }

  private func step(
    of outcome: SetupOutcome, _ policy: RetentionPolicy, _ product: ServerProduct
  ) -> SetupStep {
    let kind =
      switch product.name {
      case .elasticsearch: "ILM"
      case .opensearch: "ISM"
      case .unknown: "ILM or ISM"
      }
    if outcome == .notAvailable {
      return SetupStep(
        subject: "retention", name: "after \(policy.ageText)",
        happened: "this server has no \(kind): nothing of ours deletes old indices",
        grade: .notInPlace,
        advice: "Delete them yourself, by a job of your own: \(deletion). Or unset "
          + "elasticsearch.retention.")
    }
    return step(
      of: outcome, "retention", "\(kind) policy \(policy.name), after \(policy.ageText)",
      privilege: product.name == .opensearch
        ? "It takes cluster:admin/opendistro/ism/policy/*." : "It takes manage_ilm.")
  }

  private func step(of outcome: SetupOutcome) -> SetupStep {
    step(
      of: outcome, "template", "\(template.name) for \(template.indexPattern)",
      privilege: "It takes manage_index_templates; sheepshipper setup can be run once by somebody "
        + "who has it.")
  }

  private func step(
    of outcome: SetupOutcome, _ subject: String, _ name: String, privilege: String
  ) -> SetupStep {
    let would = desk.isDryRun ? "would be " : ""
    func made(_ happened: String, _ grade: SetupStep.Grade, _ advice: String = "") -> SetupStep {
      SetupStep(subject: subject, name: name, happened: happened, grade: grade, advice: advice)
    }
    return switch outcome {
    case .installed: made("was missing: \(would)installed", .good)
    case .alreadyThere: made("there, as it should be", .good)
    case .replaced: made("was another one: \(would)replaced", .good)
    case .drift(let what):
      made(
        "there, but \(what); left as it is", .notInPlace,
        "--replace makes it ours\(subject == "template" ? "; settings and fields beyond ours stay" : "")."
      )
    case .overruled(let what):
      made(
        what, .notInPlace,
        "Delete that template, or give it a priority below \(template.priority).")
    case .notAllowed(let why): made("not allowed: \(why)", .notAllowed, privilege)
    case .refused(let why): made("refused: \(why)", .notInPlace, Self.advice(onRefusal: why))
    case .notAvailable: made("the server has no such thing", .notInPlace)
    case .notYet(let verdict):
      made(
        "no answer of use: \(Self.words(verdict))", Self.isDenied(verdict) ? .notAllowed : .failed,
        Self.isDenied(verdict) ? "Check the credentials." : "Try again when the server is well.")
    }
  }

  private static func advice(onRefusal why: String) -> String {
    why.contains("same priority")
      ? "Give the other template another priority; ours follows from the length of its pattern."
      : ""
  }

  private static func isDenied(_ verdict: Verdict) -> Bool {
    if case .pause = verdict { true } else { false }
  }

  private static func words(_ verdict: Verdict) -> String {
    switch verdict {
    case .pause(let error), .bisect(let error):
      "\(error.status) \(error.type): \(ReasonScrubber.cut(error.reason))"
    case .again(let cause, let error, _, _):
      [cause.rawValue, error?.reason ?? ""].filter { !$0.isEmpty }.joined(separator: ": ")
    default: "it makes no sense"
    }
  }

  /// The name that all agents shared once: with our pattern it has no effect any more.
  private func formerTemplate() -> [SetupStep] {
    let former = IndexTemplate.formerName
    guard former != template.name,
      case .success(let answer) = desk.ask("/_index_template/\(former)"),
      answer.status == 200, let tree = try? JsonValue.parse(answer.body),
      let found = tree["index_templates"]?[0]?["index_template"],
      found["_meta"]?["managed_by"]?.string == "sheepshipper",
      found["index_patterns"]?.elements?.contains(.string(template.indexPattern)) == true
    else { return [] }
    return [
      SetupStep(
        subject: "template", name: "\(former), of an older version",
        happened: "without effect now: \(template.name) has the higher priority", grade: .note,
        advice:
          "Settings of your own in it go into the new one; then DELETE /_index_template/\(former).")
    ]
  }

  /// Made at once: the first event would make a plain index where the template is missing.
  private func dataStream() -> SetupStep {
    let (subject, name) = ("stream", template.indexPattern)
    let warning =
      "Ids are known within its current index only: what is sent again after a rollover "
      + "can be stored twice."
    func made(_ happened: String, _ grade: SetupStep.Grade, _ advice: String) -> SetupStep {
      SetupStep(subject: subject, name: name, happened: happened, grade: grade, advice: advice)
    }
    guard case .success(let found) = desk.ask("/_data_stream/\(name)") else {
      return made("no answer", .failed, "Try again when the server is well.")
    }
    let error = BulkAnswer.wholeError(found)
    switch found.status {
    case 200 where (try? JsonValue.parse(found.body))?["data_streams"]?[0] != nil:
      return made("there", .good, warning)
    // OpenSearch answers so for a plain index; making the stream tells.
    case 200: break
    case 404 where error.type != "no error type": break
    case 400, 405, 404:
      return made("this server does not tell; the first event makes it", .note, warning)
    case 403: return made("this user may not look; the first event makes it", .note, warning)
    default: return made("no answer of use: HTTP \(found.status)", .failed, "Try again.")
    }
    guard case .success(let answer) = desk.change(.put, "/_data_stream/\(name)", nil) else {
      return made("no answer", .failed, "Try again when the server is well.")
    }
    switch answer.status {
    case 200: return made("was missing: \(desk.isDryRun ? "would be " : "")made", .good, warning)
    case 403: return made("missing; the first event makes it", .note, warning)
    default:
      return made(
        "refused: \(SetupOutcome.reason(answer))", .notInPlace,
        "Is a plain index of that name in the way? Reindex it, delete it, run this again.")
    }
  }
}
