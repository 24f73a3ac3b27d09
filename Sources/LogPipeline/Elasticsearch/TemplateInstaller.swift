/// Looks for the index template at the server and installs it when it is missing.
package struct TemplateInstaller {
  /// How a round ended.
  package enum Outcome: Equatable {
    case installed
    case alreadyThere
    /// A template of our name with other content; left as it is.
    case drift(String)
    /// This user may not look or install; delivery goes on without.
    case notAllowed(String)
    /// The server refuses the template; delivery goes on without.
    case refused(String)
    /// Nothing is known yet: ask again.
    case notYet(Verdict)

    var text: String {
      switch self {
      case .installed: "installed"
      case .alreadyThere: "already there"
      case .drift(let what): "drift: \(what)"
      case .notAllowed(let why): "not allowed: \(why)"
      case .refused(let why): "refused: \(why)"
      case .notYet: "waiting for the server"
      }
    }
  }

  package typealias Send = (HttpRequest) -> Result<HttpAnswer, TransportFailure>

  package let template: IndexTemplate
  package let replaces: Bool
  package init(template: IndexTemplate, replaces: Bool) {
    self.template = template
    self.replaces = replaces
  }

  private static let path = "/_index_template/\(IndexTemplate.name)"

  /// One round: looks, then installs when needed. Also tells when another template would win.
  package func run(_ send: Send) -> Outcome {
    let found: HttpAnswer
    switch send(HttpRequest(method: .get, path: Self.path)) {
    case .failure(let failure): return .notYet(Judge.judge(failure))
    case .success(let answer): found = answer
    }
    let isMissing =
      found.status == 404 && BulkAnswer.wholeError(found).type == "resource_not_found_exception"
    // 403: looking may be forbidden where installing is allowed; trying tells.
    guard found.status == 200 || found.status == 403 || isMissing else { return notYet(found) }
    switch product(send) {
    case .failure(let failure): return .notYet(Judge.judge(failure))
    case .success(let product):
      return found.status == 200
        ? compare(found, product.flattened, send) : install(product.flattened, send)
    }
  }

  private func compare(
    _ found: HttpAnswer, _ wanted: FlattenedKind, _ send: Send
  ) -> Outcome {
    guard let tree = try? JsonValue.parse(found.body), tree.members != nil else {
      return .notYet(unreadable(found))
    }
    // An API that knows no templates may still say 200; asking it to take ours does no harm.
    guard let theirs = tree["index_templates"]?[0]?["index_template"] else {
      return install(wanted, send)
    }
    // A server that took the fallback is not in drift.
    let differences = [wanted, .disabledObject].map { template.drift(from: theirs, $0) }
    if differences.contains(nil) { return check(.alreadyThere, send) }
    if replaces { return install(wanted, send) }
    return .drift(differences.compactMap(\.self).first ?? "")
  }

  private func install(_ flattened: FlattenedKind, _ send: Send) -> Outcome {
    let request = HttpRequest(
      method: .put, path: Self.path, contentType: "application/json",
      body: Array(template.body(flattened).text.utf8))
    switch send(request) {
    case .failure(let failure): return .notYet(Judge.judge(failure))
    case .success(let answer):
      switch answer.status {
      case 200: return check(.installed, send)
      case 400 where flattened != .disabledObject:
        // A build without the flattened type: the object that is not indexed works everywhere.
        return install(.disabledObject, send)
      case 400: return .refused(ReasonScrubber.scrub(BulkAnswer.wholeError(answer).reason))
      case 403: return .notAllowed(ReasonScrubber.scrub(BulkAnswer.wholeError(answer).reason))
      default: return notYet(answer)
      }
    }
  }

  /// A template of higher priority would win in silence: asks what an index of ours would get.
  private func check(_ outcome: Outcome, _ send: Send) -> Outcome {
    let index = template.indexPattern.replacing("*", with: "1970.01.01")
    let request = HttpRequest(
      method: .post, path: "/_index_template/_simulate_index/\(index)")
    guard case .success(let answer) = send(request), answer.status == 200,
      let tree = try? JsonValue.parse(answer.body), let effective = tree["template"],
      let field = template.fields.first
    else { return outcome }
    let top = field.name.split(separator: ".").first.map(String.init) ?? field.name
    guard effective["mappings"]?["properties"]?[top] == nil else { return outcome }
    return .drift("another index template wins over \(IndexTemplate.name) for \(index)")
  }

  private func product(_ send: Send) -> Result<ServerProduct, TransportFailure> {
    send(HttpRequest(method: .get, path: "/")).flatMap { root in
      if let product = ServerProduct.fromRoot(root) { return .success(product) }
      let nodes = HttpRequest(method: .get, path: "/_nodes?filter_path=nodes.*.version")
      return send(nodes).map { answer in
        if let product = ServerProduct.fromNodes(answer) { return product }
        // Not allowed to ask for the version, but the header may tell.
        let isElasticsearch =
          [root, answer].contains { $0.headers["x-elastic-product"] == "Elasticsearch" }
        return ServerProduct(name: isElasticsearch ? .elasticsearch : .unknown, number: "")
      }
    }
  }

  private func notYet(_ answer: HttpAnswer) -> Outcome {
    let verdict = Judge.judge(.success(answer), itemsSent: 0, wallMilliseconds: 0)
    return .notYet(verdict == .allDelivered ? unreadable(answer) : verdict)
  }

  private func unreadable(_ answer: HttpAnswer) -> Verdict {
    .again(
      cause: .unreadableAnswer, error: BulkAnswer.wholeError(answer), wait: nil,
      mayBeStored: false)
  }
}
