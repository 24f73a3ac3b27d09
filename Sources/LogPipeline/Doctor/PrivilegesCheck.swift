/// Whether our user may do what the least role that `setup` prints allows.
package struct PrivilegesCheck: DoctorCheck {
  package static let name = "privileges"

  private let server: DoctorServer

  package init(_ server: DoctorServer) { self.server = server }

  package func run() -> [DoctorFinding] {
    if let obstacle = server.obstacle { return [.skipped(Self.name, obstacle)] }
    let roles = AccessRoles(server.template)
    if server.product.name == .opensearch {
      return [
        .skipped(
          Self.name, "OpenSearch does not say what a user may do; --round-trip tries it")
      ]
    }
    var request = HttpRequest(
      method: .post, path: "/_security/user/_has_privileges", contentType: "application/json")
    request.body = Array(roles.agentQuestion.text.utf8)
    return [Self.judge(server.ask(request), server.template)]
  }

  package static func judge(
    _ reply: DoctorServer.Reply, _ template: IndexTemplate
  ) -> DoctorFinding {
    switch reply {
    case .found(let tree):
      let indices = tree["index"]?.members?.compactMap { $0.value.members } ?? []
      let missing = indices.joined().filter { $0.value.bool == false }.map(\.key)
      guard tree["has_all_requested"]?.bool != nil else {
        return .skipped(name, "the server does not say what this user may do")
      }
      if missing.isEmpty {
        return .ok(name, "may append to \(template.indexPattern) and let its indices be made")
      }
      let user = tree["username"]?.string ?? "this user"
      return .failed(
        name, "\(user) lacks \(missing.joined(separator: " and ")) on \(template.indexPattern).",
        meanwhile: consequence(missing),
        remedy: "Give it the role that this prints, as an administrator of the server:",
        type: ["sheepshipper setup --dry-run"])
    case .missing, .unreadable:
      // Without security there are no users, and no such question.
      return .skipped(name, "the server has no users (security is off), or does not tell")
    case .notAllowed(let why): return .skipped(name, why)
    }
  }

  private static func consequence(_ missing: [String]) -> String {
    missing.contains("create_doc")
      ? "No event can be stored: each is kept in the ring and tried again. Nothing is lost; when "
        + "the ring is full, inputs wait."
      : "Events go into indices that are there; those of a new day are kept in the ring until "
        + "somebody makes its index. Nothing is lost."
  }
}
