/// Indices that were made before the policy: they have none until somebody gives it to them.
struct ExistingIndices {
  let policy: RetentionPolicy
  let product: ServerProduct
  /// Whether they get it now.
  let isApplied: Bool
  let desk: SetupDesk

  /// So many names go into one request: its line must stay short.
  private static let namesMax = 50

  private struct Sorted {
    var having = 0
    var without: [String] = []
    /// Managed by another policy, which is the operator's own doing.
    var other: [String] = []
  }

  func run() -> [SetupStep] {
    guard let sorted = product.name == .opensearch ? explained() : settings() else {
      return [
        step("this user may not look at them, or the server does not tell", .note)
      ]
    }
    var steps: [SetupStep] = []
    if !sorted.other.isEmpty {
      steps.append(
        step("\(Self.counted(sorted.other)) under another policy; left so", .note))
    }
    if sorted.without.isEmpty {
      if sorted.having > 0 { steps.append(step("all \(sorted.having) have the policy", .good)) }
      return steps
    }
    let missing = Self.counted(sorted.without)
    guard isApplied else {
      let how =
        product.name == .opensearch
        ? "POST /_plugins/_ism/add/INDEX {\"policy_id\":\"\(policy.name)\"}"
        : "PUT /INDEX/_settings {\"index.lifecycle.name\":\"\(policy.name)\"}"
      return steps + [
        step(
          "\(missing) without the policy: never deleted by it", .note,
          "--apply-to-existing gives it to them; or \(how).")
      ]
    }
    return steps + [apply(sorted.without, missing)]
  }

  private func step(
    _ happened: String, _ grade: SetupStep.Grade, _ advice: String = ""
  ) -> SetupStep {
    SetupStep(
      subject: "indices", name: policy.indexPattern, happened: happened, grade: grade,
      advice: advice)
  }

  /// Elasticsearch: the policy stands in an index's settings.
  private func settings() -> Sorted? {
    let path =
      "/\(policy.indexPattern)/_settings?flat_settings=true&ignore_unavailable=true"
      + "&expand_wildcards=open,closed,hidden"
    guard let indices = answered(path)?.members else { return nil }
    var sorted = Sorted()
    for (name, value) in indices {
      switch value["settings"]?["index.lifecycle.name"]?.string {
      case policy.name: sorted.having += 1
      case nil, "": sorted.without.append(name)
      default: sorted.other.append(name)
      }
    }
    return sorted
  }

  /// OpenSearch: ISM keeps account of its own.
  private func explained() -> Sorted? {
    guard let indices = answered("/_plugins/_ism/explain/\(policy.indexPattern)")?.members else {
      return nil
    }
    var sorted = Sorted()
    for (name, value) in indices where value.members != nil {
      let given =
        value["index.plugins.index_state_management.policy_id"]?.string
        ?? value["policy_id"]?.string
      switch given {
      case policy.name: sorted.having += 1
      case nil, "": sorted.without.append(name)
      default: sorted.other.append(name)
      }
    }
    return sorted
  }

  private func answered(_ path: String) -> JsonValue? {
    guard case .success(let answer) = desk.ask(path) else { return nil }
    // No index yet.
    if answer.status == 404 { return .object([]) }
    return answer.status == 200 ? try? JsonValue.parse(answer.body) : nil
  }

  private func apply(_ names: [String], _ words: String) -> SetupStep {
    let names = names.sorted()
    for start in stride(from: 0, to: names.count, by: Self.namesMax) {
      let some = names[start..<min(start + Self.namesMax, names.count)].joined(separator: ",")
      let result =
        product.name == .opensearch
        ? desk.change(
          .post, "/_plugins/_ism/add/\(some)", .object([("policy_id", .string(policy.name))]))
        : desk.change(
          .put, "/\(some)/_settings", .object([("index.lifecycle.name", .string(policy.name))]))
      guard case .success(let answer) = result else {
        return step("no answer while it was given to \(words)", .failed, "Run this again.")
      }
      let tree = try? JsonValue.parse(answer.body)
      if answer.status == 403 {
        return step(
          "not allowed: \(SetupOutcome.reason(answer))", .notAllowed,
          "It takes the privilege manage on \(policy.indexPattern).")
      }
      guard answer.status == 200, tree?["failures"]?.bool != true else {
        return step(
          "refused for some of \(words): \(tree?["failed_indices"]?[0]?["reason"]?.string ?? SetupOutcome.reason(answer))",
          .notInPlace, "Run this again to see which are left.")
      }
    }
    return step("\(words) without the policy: \(desk.isDryRun ? "would get" : "got") it", .good)
  }

  /// "3 indices (a, b, c)", the first few by name.
  private static func counted(_ names: [String]) -> String {
    let shown = names.sorted().prefix(3).joined(separator: ", ")
    let more = names.count > 3 ? ", ..." : ""
    return "\(names.count) \(names.count == 1 ? "index" : "indices") (\(shown)\(more))"
  }
}
