/// Whether new indices get our mappings, and what deletes old ones.
package struct TemplateCheck: DoctorCheck {
  package static let name = "template"
  package static let retentionName = "retention"

  private let server: DoctorServer
  /// Whether the agent installs it at its start.
  private let isInstalled: Bool

  package init(_ server: DoctorServer, isInstalled: Bool) {
    (self.server, self.isInstalled) = (server, isInstalled)
  }

  package func run() -> [DoctorFinding] {
    if let obstacle = server.obstacle { return [.skipped(Self.name, obstacle)] }
    let template = server.template
    // The installer takes a refusal for a reason to try; looking alone must not.
    if case .notAllowed(let why) = server.ask("/_index_template/\(template.name)") {
      return [.skipped(Self.name, "\(why) at the index templates; an append-only key need not")]
    }
    let result = EssentialSetup(template, replaces: false).run(server.desk, at: server.product)
    var findings = [Self.judge(result.template, template, isInstalled: isInstalled)]
    if let policy = template.retention, let outcome = result.policy {
      findings.append(Self.judge(outcome, policy, mayBeInstalled: isInstalled))
    }
    return findings
  }

  /// `outcome` of a dry run: installed means that it is missing.
  package static func judge(
    _ outcome: SetupOutcome, _ template: IndexTemplate, isInstalled: Bool
  ) -> DoctorFinding {
    let setup = "sheepshipper setup"
    let unread =
      "Events are stored in full. New fields and wrong types do not show in dashboards and reports; "
      + "what the types refuse becomes dead letters, kept with the reason."
    switch outcome {
    case .alreadyThere: return .ok(name, "\(template.name) is as it should be")
    case .installed, .replaced:
      return .warning(
        name, "\(template.name) is not there.",
        isInstalled
          ? "The agent installs it at its start, if its user may (manage_index_templates)." : "",
        meanwhile: "An index that is made without it guesses types from its first document: what "
          + "does not fit later becomes dead letters, kept with the reason.",
        remedy: "Let somebody who has the right install it, once:", type: [setup])
    case .drift(let what):
      return .warning(
        name, "\(template.name) is not what this version installs: \(what).", meanwhile: unread,
        remedy: "Make it ours; settings and fields beyond ours stay. It counts for new indices, so "
          + "from the next day on:", type: ["\(setup) --replace"])
    case .overruled(let what):
      return .failed(
        name, "\(template.name) has no effect: \(what).", meanwhile: DoctorWords.deadLetters,
        remedy: "Delete that other template, or give it a priority below \(template.priority).")
    case .notAllowed(let why): return .skipped(name, "not allowed: \(why)")
    case .refused(let why):
      return .failed(
        name, "the server refuses \(template.name): \(why).", meanwhile: DoctorWords.deadLetters,
        remedy: "See what it says of each step:", type: ["\(setup) --dry-run"])
    case .notAvailable, .notYet:
      return .skipped(name, "the server gives no answer of use to that question")
    }
  }

  package static func judge(
    _ outcome: SetupOutcome, _ policy: RetentionPolicy, mayBeInstalled: Bool
  ) -> DoctorFinding {
    let kept =
      "Every event is stored; nothing deletes indices after \(policy.ageText) as "
      + "elasticsearch.retention asks."
    func warning(_ what: String, _ commands: [String]) -> DoctorFinding {
      .warning(
        retentionName, what, meanwhile: kept,
        remedy: commands.isEmpty
          ? "Delete old indices by a job of your own, or unset elasticsearch.retention."
          : "Let somebody who has the right do it, once:", type: commands)
    }
    return switch outcome {
    case .alreadyThere, .overruled:
      .ok(retentionName, "\(policy.name) deletes indices after \(policy.ageText)")
    case .installed, .replaced:
      warning("the policy \(policy.name) is not there.", ["sheepshipper setup"])
    case .drift(let what):
      warning(
        "the policy \(policy.name) is another one: \(what).", ["sheepshipper setup --replace"])
    case .notAvailable: warning("this server has no lifecycle management.", [])
    case .refused(let why): warning("the server refuses the policy: \(why).", [])
    case .notAllowed, .notYet:
      .skipped(retentionName, "this user may not look at \(policy.name), or it is not told")
    }
  }
}
