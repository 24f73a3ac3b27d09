/// Looks for the index template at the server and installs it when it is missing.
package struct TemplateInstaller {
  package let template: IndexTemplate
  /// Whether ours goes into a template of our name with other content.
  package let replaces: Bool
  package init(template: IndexTemplate, replaces: Bool) {
    self.template = template
    self.replaces = replaces
  }

  private var path: String { "/_index_template/\(template.name)" }

  /// One round: looks, then installs when needed. Also tells when another template would win.
  package func run(_ dialect: TemplateDialect, _ desk: SetupDesk) -> SetupOutcome {
    let found: HttpAnswer
    switch desk.ask(path) {
    case .failure(let failure): return .notYet(failure)
    case .success(let answer): found = answer
    }
    let isMissing =
      found.status == 404 && BulkAnswer.wholeError(found).type == "resource_not_found_exception"
    if found.status == 200 { return compare(found, dialect, desk) }
    // 403: looking may be forbidden where installing is allowed; trying tells.
    guard found.status == 403 || isMissing else { return .notYet(found) }
    return install(template.body(dialect), dialect, desk, as: .installed)
  }

  private func compare(
    _ found: HttpAnswer, _ dialect: TemplateDialect, _ desk: SetupDesk
  ) -> SetupOutcome {
    guard let tree = try? JsonValue.parse(found.body), tree.members != nil else {
      return .notYet(found)
    }
    // An API that knows no templates may still say 200; asking it to take ours does no harm.
    guard let theirs = tree["index_templates"]?[0]?["index_template"] else {
      return install(template.body(dialect), dialect, desk, as: .installed)
    }
    // What the server took once it understands: any way to keep the free-form object will do.
    let accepted = [dialect.flattened] + FlattenedKind.allCases.filter { $0 != dialect.flattened }
    let differences = accepted.map {
      template.drift(
        from: theirs, TemplateDialect(flattened: $0, hasLifecycle: dialect.hasLifecycle))
    }
    if differences.contains(nil) { return check(.alreadyThere, desk) }
    if replaces {
      return install(template.merged(into: theirs, dialect), dialect, desk, as: .replaced)
    }
    return .drift(differences.compactMap(\.self).first ?? "")
  }

  private func install(
    _ body: JsonValue, _ dialect: TemplateDialect, _ desk: SetupDesk, as outcome: SetupOutcome
  ) -> SetupOutcome {
    switch desk.change(.put, path, body) {
    case .failure(let failure): return .notYet(failure)
    case .success(let answer):
      switch answer.status {
      case 200: return desk.isDryRun ? outcome : check(outcome, desk)
      case 400:
        let reason = SetupOutcome.reason(answer)
        guard let next = next(after: dialect, refusedFor: reason) else { return .refused(reason) }
        desk.forgetLastChange()
        return install(template.body(next), next, desk, as: outcome)
      case 403: return .notAllowed(SetupOutcome.reason(answer))
      default: return .notYet(answer)
      }
    }
  }

  private func next(
    after dialect: TemplateDialect, refusedFor reason: String
  ) -> TemplateDialect? {
    // Another template of the same priority: no other body of ours helps.
    if reason.contains("same priority") { return nil }
    if dialect.hasLifecycle, reason.contains("index.lifecycle") {
      return TemplateDialect(flattened: dialect.flattened)
    }
    // A build without the flattened type: the object that is not indexed works everywhere.
    return dialect.flattened == .disabledObject
      ? nil : TemplateDialect(flattened: .disabledObject, hasLifecycle: dialect.hasLifecycle)
  }

  /// A template of higher priority would win in silence: asks what an index of ours would get.
  private func check(_ outcome: SetupOutcome, _ desk: SetupDesk) -> SetupOutcome {
    let request = HttpRequest(
      method: .post, path: "/_index_template/_simulate_index/\(template.sampleIndex)")
    guard case .success(let answer) = desk.ask(request), answer.status == 200,
      let tree = try? JsonValue.parse(answer.body), let effective = tree["template"]
    else { return outcome }
    // One type for each of our fields is what matters; who says so does not.
    let differences = FlattenedKind.allCases.map {
      template.mappings($0).difference(from: effective["mappings"] ?? .object([]), at: "mappings")
    }
    guard !differences.contains(nil) else { return outcome }
    let winner = winner(desk).map { " (\($0))" } ?? ""
    return .overruled(
      "another index template\(winner) wins over it for \(template.sampleIndex): "
        + (differences.compactMap(\.self).first ?? ""))
  }

  /// The template with the highest priority above ours whose pattern fits.
  private func winner(_ desk: SetupDesk) -> String? {
    let members = ["name", "index_template.index_patterns", "index_template.priority"]
    let filter = members.map { "index_templates.\($0)" }.joined(separator: ",")
    guard case .success(let answer) = desk.ask("/_index_template?filter_path=\(filter)"),
      answer.status == 200, let tree = try? JsonValue.parse(answer.body)
    else { return nil }
    let others = (tree["index_templates"]?.elements ?? []).filter { other in
      let patterns = other["index_template"]?["index_patterns"]?.elements ?? []
      return other["name"]?.string != template.name
        && patterns.contains { Self.matches(template.sampleIndex[...], $0.string ?? "") }
    }
    let highest = others.max {
      $0["index_template"]?["priority"]?.integer ?? 0
        < $1["index_template"]?["priority"]?.integer ?? 0
    }
    return highest?["name"]?.string
  }

  /// Whether a name fits a pattern in which `*` stands for anything.
  static func matches(_ name: Substring, _ pattern: some StringProtocol) -> Bool {
    guard let first = pattern.first else { return name.isEmpty }
    let rest = pattern.dropFirst()
    if first == "*" {
      return name.indices.contains { matches(name[$0...], rest) } || matches("", rest)
    }
    return name.first == first && matches(name.dropFirst(), rest)
  }
}
