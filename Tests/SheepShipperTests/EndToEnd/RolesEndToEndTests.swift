import LogPipeline
import TestSupport
import Testing

/// Goal: the printed roles are enough, and allow nothing more. Method: a real server with users; one user gets exactly the
/// role that `setup` prints.
@Suite(
  .serialized,
  .enabled(if: SecuredSearchServer.found != nil, Comment(rawValue: SecuredSearchServer.missing)))
struct RolesEndToEndTests {
  private let server: SecuredSearchServer
  private let prefix = "e2e-role-\(UInt32.random(in: 0 ... .max))-"
  private let day = "2026.11.20"

  init() throws { server = try #require(SecuredSearchServer.found) }

  private func settings(_ user: String) -> [String] {
    server.settings(user: user) + ["elasticsearch.index=\(prefix)%Y.%m.%d"]
  }

  /// As printed for a server that is not asked.
  private func role(_ title: String, _ more: [String] = []) throws -> JsonValue {
    let planned = try ProgramUnderTest.run(
      ["setup", "--dry-run", "--for", "elasticsearch-8", "--format", "json"],
      settings: ["elasticsearch.index=\(prefix)%Y.%m.%d"] + more)
    let roles = try JsonValue.parse(planned.output)["roles"]?.elements ?? []
    return try #require(roles.first { $0["title"]?.string == title }?["body"])
  }

  @Test func `a user with the printed roles can set up, then deliver, and do nothing more`() throws
  {
    try server.withRole("e2e_setup", role("What setup needs, once")) {
      let setup = try ProgramUnderTest.run(["setup"], settings: settings("shipper"))
      #expect(setup.ending == .exited(0), "\(setup.output)\(setup.error)")
      #expect(setup.output.contains("has all that setup needs"), "\(setup.output)")
      #expect(setup.output.contains("was missing: installed"), "\(setup.output)")
      let write = try server.send(
        .post, "/_bulk", bulk("create", "\(prefix)\(day)", "x"), as: "shipper")
      #expect(try firstStatus(write) == 403, "setup's role is not the agent's")
    }
    try server.withRole("e2e_agent", role("The least the agent needs")) {
      for template in ["false", "true"] { try deliver(template: template) }
      let found = try server.send(.get, "/\(prefix)*/_mapping", as: "admin")
      let mapping = try JsonValue.parse(found.body).members?.first?.value["mappings"]
      let usage = mapping?["properties"]?["usage"]?["properties"]
      #expect(usage?["prompt_tokens"]?["type"]?.string == "long")
      try expectNothingMore()
      let setup = try ProgramUnderTest.run(["setup"], settings: settings("shipper"))
      #expect(setup.ending == .exited(77), "\(setup.output)")
    }
  }

  private func deliver(template: String) throws {
    let folder = try TemporaryFolder()
    let agent = try AgentProcess(
      stateDirectory: folder.path,
      settings: settings("shipper") + ["elasticsearch.template=\(template)", "ring.size=16MiB"])
    let connection = try TcpClient(port: agent.tcpPort)
    let lines = (0..<100).map { RelayEvents.event($0, run: "role-\(template)").line + "\n" }
    try connection.send(lines.joined())
    connection.finishSending()
    #expect(try agent.wait(until: "delivered", isAtLeast: 100), "\(agent.child.errorText)")
    #expect(agent.terminate() == .exited(0))
    let isTold = agent.child.errorText.contains("can not be looked at or installed")
    #expect(isTold == (template == "true"), "\(agent.child.errorText)")
  }

  private func bulk(_ action: String, _ index: String, _ id: String) -> String {
    let line = #"{"\#(action)":{"_index":"\#(index)","_id":"\#(id)"}}"# + "\n"
    return action == "delete"
      ? line : line + #"{"@timestamp":"2026-11-20T10:00:00Z"}"# + "\n"
  }

  private func firstStatus(_ answer: HttpAnswer) throws -> Int64? {
    try JsonValue.parse(answer.body)["items"]?[0]?.members?.first?.value["status"]?.integer
      ?? Int64(answer.status)
  }

  private func expectNothingMore() throws {
    let index = "\(prefix)\(day)"
    // What auto_configure brings along, and docs/delivery.md names: fields may be added, none changed.
    for (type, status) in [("long", 200), ("keyword", 400)] {
      let answer = try server.send(
        .put, "/\(index)/_mapping", #"{"properties":{"token_count":{"type":"\#(type)"}}}"#,
        as: "shipper")
      #expect(answer.status == status, "\(type)")
    }
    let made = try server.send(.post, "/_bulk", bulk("create", index, "mine"), as: "shipper")
    #expect(try firstStatus(made) == 201)
    for (action, target, id) in [
      ("index", index, "mine"), ("delete", index, "mine"), ("create", "elsewhere-1", "a"),
      ("create", "sheepshipper-logs", "a"),
    ] {
      let answer = try server.send(.post, "/_bulk", bulk(action, target, id), as: "shipper")
      #expect(try firstStatus(answer) == 403, "\(action) \(target): \(answer)")
    }
    for (method, path, body) in [
      (HttpRequest.Method.get, "/\(index)/_search", ""), (.get, "/\(index)/_doc/mine", ""),
      (.get, "/\(index)/_count", ""), (.get, "/\(index)/_mapping", ""),
      (.get, "/\(index)/_settings", ""), (.get, "/_cluster/health", ""), (.get, "/_nodes", ""),
      (.get, "/_cat/indices/\(index)", ""), (.get, "/_index_template/*", ""),
      (.put, "/\(prefix)made", "{}"), (.put, "/elsewhere-1", "{}"),
      (.put, "/\(index)/_settings", #"{"index.number_of_replicas":0}"#),
      (.put, "/\(index)/_doc/mine", "{}"),
      (.put, "/_index_template/e2e-role", #"{"index_patterns":["e2e-role-x*"]}"#),
      (.post, "/\(index)/_close", ""),
      (.put, "/_cluster/settings", #"{"transient":{"cluster.max_shards_per_node":5}}"#),
      (.get, "/.security/_search", ""),
    ] as [(HttpRequest.Method, String, String)] {
      let answer = try server.send(method, path, body, as: "shipper")
      #expect(
        answer.status == 403,
        "\(method) \(path): \(answer.status) \(String(decoding: answer.body, as: UTF8.self))")
    }
  }
}
