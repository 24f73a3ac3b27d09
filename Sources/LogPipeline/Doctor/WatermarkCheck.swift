/// Whether a disk of the server is so full that it stops taking documents.
package struct WatermarkCheck: DoctorCheck {
  package static let name = "server disk"

  /// A node's disk.
  package struct Node: Equatable {
    let name: String
    let totalBytes: UInt64
    let freeBytes: UInt64

    package init(name: String, totalBytes: UInt64, freeBytes: UInt64) {
      (self.name, self.totalBytes, self.freeBytes) = (name, totalBytes, freeBytes)
    }

    var usedText: String {
      let used = totalBytes - min(freeBytes, totalBytes)
      return
        "\(used * 100 / max(1, totalBytes)) % full, \(TextAmount.bytes(freeBytes)) free"
    }
  }

  private let server: DoctorServer

  package init(_ server: DoctorServer) { self.server = server }

  package func run() -> [DoctorFinding] {
    if let obstacle = server.obstacle { return [.skipped(Self.name, obstacle)] }
    let nodes = server.ask(
      "/_nodes/stats/fs?filter_path=nodes.*.name,nodes.*.fs.total.total_in_bytes,"
        + "nodes.*.fs.total.available_in_bytes")
    // Whole: servers do not filter flat names.
    let marks = server.ask("/_cluster/settings?include_defaults=true&flat_settings=true")
    return [Self.judge(nodes, marks, server.place)]
  }

  package static func judge(
    _ nodes: DoctorServer.Reply, _ marks: DoctorServer.Reply, _ place: String
  ) -> DoctorFinding {
    switch nodes {
    case .notAllowed(let why):
      return .skipped(name, "\(why) at the nodes; the privilege monitor lets it")
    case .unreadable(let why): return .skipped(name, why)
    case .missing: return .skipped(name, "this server does not tell")
    case .found(let tree):
      let found = (tree["nodes"]?.members ?? []).compactMap { node(id: $0.key, $0.value) }
      guard let fullest = found.min(by: { $0.freeBytes < $1.freeBytes }) else {
        return .skipped(name, "this server does not tell")
      }
      var settings = JsonValue.object([])
      if case .found(let tree) = marks { settings = tree }
      return judge(found, fullest, settings, place)
    }
  }

  private static func node(id: String, _ value: JsonValue) -> Node? {
    guard let total = value["fs"]?["total"]?["total_in_bytes"]?.integer,
      let free = value["fs"]?["total"]?["available_in_bytes"]?.integer, total > 0
    else { return nil }
    return Node(
      name: value["name"]?.string ?? id, totalBytes: UInt64(clamping: total),
      freeBytes: UInt64(clamping: free))
  }

  private static func judge(
    _ nodes: [Node], _ fullest: Node, _ settings: JsonValue, _ place: String
  ) -> DoctorFinding {
    if value("threshold_enabled", settings) == "false" {
      return .ok(name, "\(fullest.name) is \(fullest.usedText); watermarks are off")
    }
    let flooded = nodes.filter { $0.freeBytes < needed("flood_stage", "95%", of: $0, settings) }
    if let node = flooded.first {
      return .failed(
        name, "\(node.name) is over the flood stage: \(node.usedText).",
        meanwhile: "The server makes every index on it read-only. \(DoctorWords.keptInRing)",
        remedy: "Make room on that disk: delete old indices, or add a disk or a node. Then the "
          + "server takes documents again by itself.",
        type: ["curl -u USER '\(place)/_cat/allocation?v'"])
    }
    let high = nodes.filter { $0.freeBytes < needed("high", "90%", of: $0, settings) }
    if let node = high.first {
      return .warning(
        name, "\(node.name) is over the high watermark: \(node.usedText).",
        meanwhile:
          "Events are delivered. The server moves shards away, and makes indices read-only "
          + "once the disk is over the flood stage; then events wait in the ring.",
        remedy: "Make room: delete old indices (elasticsearch.retention does it by age), or add a "
          + "disk.", type: ["curl -u USER '\(place)/_cat/allocation?v'"])
    }
    let more = nodes.count > 1 ? ", the fullest of \(nodes.count) nodes" : ""
    return .ok(name, "\(fullest.name) is \(fullest.usedText)\(more)")
  }

  /// How much of a node's disk must be free, so that it is not over this watermark.
  private static func needed(
    _ mark: String, _ standard: String, of node: Node, _ settings: JsonValue
  ) -> UInt64 {
    let text = value("watermark.\(mark)", settings) ?? standard
    if let free = bytes(text) { return free }
    guard let used = share(text) else { return 0 }
    let free = UInt64(Double(node.totalBytes) * max(0, 1 - used))
    // On a large disk so much is enough.
    guard let room = value("watermark.\(mark).max_headroom", settings).flatMap(bytes) else {
      return free
    }
    return min(free, room)
  }

  /// Transient settings win over persistent ones, these over the defaults.
  private static func value(_ name: String, _ settings: JsonValue) -> String? {
    ["transient", "persistent", "defaults"].lazy.compactMap {
      settings[$0]?["cluster.routing.allocation.disk.\(name)"]?.string
    }.first
  }

  /// "85%" or "0.85", of the disk in use.
  private static func share(_ text: String) -> Double? {
    if text.hasSuffix("%") { return Double(text.dropLast()).map { $0 / 100 } }
    return Double(text).flatMap { (0...1).contains($0) ? $0 : nil }
  }

  /// "50gb" or "50GB" of the disk free; "-1": no such limit.
  private static func bytes(_ written: String) -> UInt64? {
    let text = written.lowercased()
    let units: [(String, UInt64)] = [
      ("tb", 1 << 40), ("gb", 1 << 30), ("mb", 1 << 20), ("kb", 1 << 10), ("b", 1),
    ]
    for (unit, size) in units where text.hasSuffix(unit) {
      return Double(text.dropLast(unit.count)).map { UInt64($0 * Double(size)) }
    }
    return nil
  }
}
