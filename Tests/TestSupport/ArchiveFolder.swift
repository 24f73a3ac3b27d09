package import LogPipeline

/// Reads the daily `.ndjson.gz` files with the system's own `zcat`, not with the code under test.
package enum ArchiveFolder {
  /// All lines of each file, by file name.
  package static func lines(in folder: String) throws -> [String: [[UInt8]]] {
    var found: [String: [[UInt8]]] = [:]
    for name in try FileSystem.names(in: folder) where name.hasSuffix(".ndjson.gz") {
      let child = try ChildProcess("/bin/zcat", ["\(folder)/\(name)"])
      let ending = child.wait(until: SystemClock().now() + .seconds(60))
      guard ending == .exited(0) else { throw Damaged(file: name, reason: child.errorText) }
      found[name] = child.output.split(separator: UInt8(ascii: "\n")).map(Array.init)
    }
    return found
  }

  /// All documents of all files.
  package static func documents(in folder: String) throws -> [JsonValue] {
    try lines(in: folder).values.joined().map { try JsonValue.parse($0) }
  }

  package struct Damaged: Error {
    package let file: String
    package let reason: String
  }
}
