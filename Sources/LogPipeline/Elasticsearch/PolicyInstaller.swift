/// Looks for the retention policy at the server and installs it when it is missing.
package struct PolicyInstaller {
  package let policy: RetentionPolicy
  /// Whether a policy of our name with other content is replaced.
  package let replaces: Bool
  package init(policy: RetentionPolicy, replaces: Bool) {
    self.policy = policy
    self.replaces = replaces
  }

  /// One round.
  /// - Returns: how it ended, and whether indices must name the policy: Elasticsearch's way.
  package func run(
    _ product: ServerProduct, _ desk: SetupDesk
  ) -> (outcome: SetupOutcome, isNamed: Bool) {
    switch product.name {
    case .elasticsearch: return (lifecycle(desk), true)
    case .opensearch: return (states(desk), false)
    case .unknown:
      // It did not tell this user what it is; it knows one of the paths, or neither.
      let outcome = lifecycle(desk)
      return outcome == .notAvailable ? (states(desk), false) : (outcome, true)
    }
  }

  // Elasticsearch: index lifecycle management.

  private func lifecycle(_ desk: SetupDesk) -> SetupOutcome {
    let path = "/_ilm/policy/\(policy.name)"
    switch look(path, desk) {
    case .ended(let outcome): return outcome
    case .missing: return put(path, policy.lifecycleBody, desk, as: .installed)
    case .found(let tree):
      guard let theirs = tree[policy.name]?["policy"] else { return .notAvailable }
      let difference = policy.lifecycleBody["policy"]?.difference(from: theirs, at: "policy")
      guard let difference else { return .alreadyThere }
      return replaces
        ? put(path, policy.lifecycleBody, desk, as: .replaced) : .drift(difference)
    }
  }

  // OpenSearch: index state management.

  private func states(_ desk: SetupDesk) -> SetupOutcome {
    let path = "/_plugins/_ism/policies/\(policy.name)"
    switch look(path, desk) {
    case .ended(let outcome): return outcome
    case .missing: return put(path, policy.stateBody, desk, as: .installed)
    case .found(let tree):
      guard let theirs = tree["policy"] else { return .notAvailable }
      let difference = policy.stateBody["policy"]?.difference(from: theirs, at: "policy")
      guard let difference else { return .alreadyThere }
      guard replaces else { return .drift(difference) }
      // It takes a change only of the version that was read.
      let sequence = tree["_seq_no"]?.integer ?? 0
      let term = tree["_primary_term"]?.integer ?? 0
      return put(
        "\(path)?if_seq_no=\(sequence)&if_primary_term=\(term)", policy.stateBody, desk,
        as: .replaced)
    }
  }

  private enum Found {
    case found(JsonValue)
    case missing
    case ended(SetupOutcome)
  }

  private func look(_ path: String, _ desk: SetupDesk) -> Found {
    let answer: HttpAnswer
    switch desk.ask(path) {
    case .failure(let failure): return .ended(.notYet(failure))
    case .success(let given): answer = given
    }
    switch answer.status {
    case 200:
      guard let tree = try? JsonValue.parse(answer.body), tree.members != nil else {
        return .ended(.notYet(answer))
      }
      return .found(tree)
    case 404 where Self.saysMissing(answer): return .missing
    // Builds without the feature take the path for something else, or for nothing.
    case 400, 404, 405: return .ended(.notAvailable)
    case 403: return .ended(.notAllowed(SetupOutcome.reason(answer)))
    default: return .ended(.notYet(answer))
    }
  }

  /// ILM says `resource_not_found_exception`; ISM `status_exception`, or that its own index is not there yet.
  private static func saysMissing(_ answer: HttpAnswer) -> Bool {
    let error = BulkAnswer.wholeError(answer)
    return error.type == "resource_not_found_exception" || error.type == "status_exception"
      || error.reason.contains("-ism-config")
  }

  private func put(
    _ path: String, _ body: JsonValue, _ desk: SetupDesk, as outcome: SetupOutcome
  ) -> SetupOutcome {
    switch desk.change(.put, path, body) {
    case .failure(let failure): return .notYet(failure)
    case .success(let answer):
      switch answer.status {
      case 200, 201: return outcome
      case 403: return .notAllowed(SetupOutcome.reason(answer))
      case 400, 404, 405, 409: return .refused(SetupOutcome.reason(answer))
      default: return .notYet(answer)
      }
    }
  }
}
