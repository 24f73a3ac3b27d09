/// Whether the index of today has our types: a template counts only for indices that are made after it.
package struct MappingCheck: DoctorCheck {
  package static let name = "mapping"
  private static let shownMax = 4

  private let server: DoctorServer

  package init(_ server: DoctorServer) { self.server = server }

  package func run() -> [DoctorFinding] {
    if let obstacle = server.obstacle { return [.skipped(Self.name, obstacle)] }
    return [Self.judge(server.ask("/\(server.index)/_mapping"), server.index, server.template)]
  }

  package static func judge(
    _ reply: DoctorServer.Reply, _ index: String, _ template: IndexTemplate
  ) -> DoctorFinding {
    let found: JsonValue
    switch reply {
    case .found(let tree):
      // Of a data stream's indices the newest takes what comes.
      guard let newest = tree.members?.max(by: { $0.key < $1.key })?.value["mappings"] else {
        return .ok(name, "\(index) is not there yet; the first event makes it")
      }
      found = newest
    case .missing: return .ok(name, "\(index) is not there yet; the first event makes it")
    case .notAllowed(let why): return .skipped(name, "\(why) at \(index)")
    case .unreadable(let why): return .skipped(name, why)
    }
    let (wrong, missing) = differences(template, found)
    if !wrong.isEmpty {
      return .failed(
        name, "\(index) has other types than ours: \(listed(wrong)).",
        meanwhile: DoctorWords.deadLetters,
        remedy: "An index keeps its types. Put the template right, then from tomorrow on all fits; "
          + "for today, reindex it under another name, delete it, and send the dead letters again:",
        type: ["sheepshipper setup --replace", "sheepshipper dead-letters retry --all"])
    }
    if !missing.isEmpty {
      return .warning(
        name, "\(index) does not know \(listed(missing)).",
        meanwhile: "Every event is stored whole; these fields can not be searched or summed up.",
        remedy: "Install this version's template; the index of the next day has them.",
        type: ["sheepshipper setup --replace"])
    }
    return .ok(name, "\(index) has our types")
  }

  /// Whether all our fields are in it, with our types.
  static func isOurs(_ mappings: JsonValue, _ template: IndexTemplate) -> Bool {
    let (wrong, missing) = differences(template, mappings)
    return wrong.isEmpty && missing.isEmpty
  }

  private static func differences(
    _ template: IndexTemplate, _ found: JsonValue
  ) -> (wrong: [String], missing: [String]) {
    // The free-form object may be kept in any of these ways.
    let all = FlattenedKind.allCases.map { differences(template.mappings($0), found) }
    return all.min { $0.wrong.count < $1.wrong.count } ?? ([], [])
  }

  /// Fields of another type, and fields that are not there, by their dotted names.
  private static func differences(
    _ ours: JsonValue, _ theirs: JsonValue, _ path: String = ""
  ) -> (wrong: [String], missing: [String]) {
    var (wrong, missing): ([String], [String]) = ([], [])
    for (key, mine) in ours["properties"]?.members ?? [] {
      let field = path.isEmpty ? key : "\(path).\(key)"
      guard let other = theirs["properties"]?[key] else {
        missing.append(field)
        continue
      }
      if mine["properties"] != nil, other["type"] == nil {
        let below = differences(mine, other, field)
        wrong += below.wrong
        missing += below.missing
      } else if type(mine) != type(other) {
        wrong.append("\(field) is \(type(other)), not \(type(mine))")
      }
    }
    return (wrong, missing)
  }

  private static func type(_ mapping: JsonValue) -> String { mapping["type"]?.string ?? "object" }

  private static func listed(_ all: [String]) -> String {
    all.prefix(shownMax).joined(separator: ", ")
      + (all.count > shownMax ? " and \(all.count - shownMax) more" : "")
  }
}
