import LogPipeline
import TestSupport
import Testing

/// Where a test's events go: the daily files, or a real server.
struct Destination: Sendable, CustomTestStringConvertible {
  let server: SearchServer?

  /// The archive, which every machine has, and each server that the environment names.
  static let all = [Destination(server: nil)] + SearchServer.all.map { Destination(server: $0) }

  var testDescription: String { server?.name ?? "archive" }

  /// Starts an agent with an empty state that delivers here, into indices of this prefix.
  func startAgent(
    in folder: TemporaryFolder, prefix: String, settings: [String] = []
  ) throws -> AgentProcess {
    let own = try server?.prepare(prefix: prefix) ?? []
    return try AgentProcess(stateDirectory: folder.path, settings: own + settings)
  }

  /// All documents that are there, after the agent has stopped.
  func documents(in folder: TemporaryFolder, prefix: String) throws -> [StoredDocument] {
    guard let server else {
      return try ArchiveFolder.lines(in: "\(folder.path)/archive").flatMap { name, lines in
        let day = String(name.dropLast(".ndjson.gz".count).suffix(10))
        return try lines.map { line in
          let source = try JsonValue.parse(line)
          return StoredDocument(id: source["_id"]?.string ?? "", day: day, source: source)
        }
      }
    }
    return try server.documents("\(prefix)*").map { hit in
      StoredDocument(
        id: hit["_id"]?.string ?? "", day: String((hit["_index"]?.string ?? "").suffix(10)),
        source: hit["_source"] ?? .null)
    }
  }
}
