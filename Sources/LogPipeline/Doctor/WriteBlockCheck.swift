/// Whether the index of today, or the whole cluster, was made read-only.
package struct WriteBlockCheck: DoctorCheck {
  package static let name = "write block"
  private static let blocks = ["write", "read_only", "read_only_allow_delete"]

  private let server: DoctorServer

  package init(_ server: DoctorServer) { self.server = server }

  package func run() -> [DoctorFinding] {
    if let obstacle = server.obstacle { return [.skipped(Self.name, obstacle)] }
    let index = server.index
    var findings = [
      Self.judge(
        server.ask("/\(index)/_settings?flat_settings=true"), index, server.place)
    ]
    if let cluster = Self.judge(
      cluster: server.ask("/_cluster/settings?flat_settings=true"), server.place)
    {
      findings.append(cluster)
    }
    return findings
  }

  package static func judge(
    _ reply: DoctorServer.Reply, _ index: String, _ place: String
  ) -> DoctorFinding {
    switch reply {
    case .missing: return .ok(name, "\(index) is not there yet")
    case .notAllowed(let why):
      return .skipped(name, "\(why) at \(index); --round-trip tries to write")
    case .unreadable(let why): return .skipped(name, why)
    case .found(let tree):
      let newest = tree.members?.max { $0.key < $1.key }
      let settings = newest?.value["settings"]
      let set = blocks.filter { settings?["index.blocks.\($0)"]?.string == "true" }
      guard let newest, let first = set.first else { return .ok(name, "\(index) takes documents") }
      let isFlood = set.contains("read_only_allow_delete")
      return .failed(
        name, "\(newest.key) is read-only (index.blocks.\(first)).",
        isFlood
          ? "The server sets this one by itself when its disk is full, and takes it away once there "
            + "is room." : "", meanwhile: DoctorWords.keptInRing,
        remedy: isFlood
          ? "Make room on the server's disk (delete old indices). Versions before 7.4 need this too:"
          : "Somebody set it. When it is not wanted any more:",
        type: [unset("\(place)/\(newest.key)/_settings", "{\"index.blocks.\(first)\":null}")])
    }
  }

  private static func unset(_ url: String, _ body: String) -> String {
    "curl -u USER -X PUT '\(url)' -H 'Content-Type: application/json' -d '\(body)'"
  }

  /// nil: nothing to say.
  package static func judge(
    cluster reply: DoctorServer.Reply, _ place: String
  ) -> DoctorFinding? {
    guard case .found(let tree) = reply else { return nil }
    let settings = ["persistent", "transient"].compactMap { tree[$0] }
    let set = ["read_only", "read_only_allow_delete"].first { block in
      settings.contains { $0["cluster.blocks.\(block)"]?.string == "true" }
    }
    guard let set else { return nil }
    return .failed(
      name, "the whole cluster is read-only (cluster.blocks.\(set)).",
      meanwhile: DoctorWords.keptInRing, remedy: "Somebody set it. When it is not wanted any more:",
      type: [
        unset("\(place)/_cluster/settings", "{\"persistent\":{\"cluster.blocks.\(set)\":null}}")
      ])
  }
}
