/// The files a replay was asked for: names, patterns (`logs/*.ndjson.gz`) and folders, in the order of their names.
///
/// A folder means the regular files in it, not those in folders below it and not hidden ones. Symbolic links are
/// named and left out. What is missing is a problem of its own: the rest is replayed.
package struct Backlog: Equatable, Sendable {
  package struct File: Equatable, Sendable {
    package let path: String
    package let sizeBytes: UInt64
  }
  package struct Problem: Equatable, Sendable {
    /// As it was asked for, or the file's path.
    package let name: String
    package let message: String

    package init(name: String, message: String) {
      self.name = name
      self.message = message
    }
  }
  /// Sorted by path, each file once even if it was named twice.
  package private(set) var files: [File] = []
  package private(set) var problems: [Problem] = []
  package var sizeBytes: UInt64 { files.reduce(0) { $0 + $1.sizeBytes } }

  package init(finding arguments: [String]) {
    var paths: Set<String> = []
    for argument in arguments {
      // A file that is really called so comes first: "a[1].log".
      let found =
        FileSystem.exists(argument) || !BacklogGlob.isPattern(argument)
        ? [argument] : Self.expand(argument)
      if found.isEmpty {
        problems.append(Problem(name: argument, message: "no file matches \(argument)"))
      }
      for path in found { add(path, isNamed: path == argument, to: &paths) }
    }
    dropSameFiles(paths.sorted())
  }

  private mutating func add(_ path: String, isNamed: Bool, to paths: inout Set<String>) {
    do throws(SystemError) {
      switch try FileSystem.status(of: path, followLinks: false).kind {
      case .regular: paths.insert(path)
      case .directory:
        let folder = path.hasSuffix("/") ? String(path.dropLast()) : path
        let names = try FileSystem.names(in: path).filter { !$0.hasPrefix(".") }
        let kinds = try names.map { name throws(SystemError) in
          try FileSystem.status(of: "\(folder)/\(name)", followLinks: false).kind
        }
        for (name, kind) in zip(names, kinds) where kind == .regular {
          paths.insert("\(folder)/\(name)")
        }
        for (name, kind) in zip(names, kinds) where kind == .symbolicLink {
          refuse(.symbolicLink(path: "\(folder)/\(name)"), "\(folder)/\(name)")
        }
        if !kinds.contains(.regular) {
          problems.append(Problem(name: path, message: "no file lies in the folder \(path)"))
        }
      case .symbolicLink: refuse(.symbolicLink(path: path), path)
      case .pipe, .socket, .other: refuse(.notRegular(path: path), path)
      }
    } catch { refuse(.cannotOpen(path: path, error), path) }
  }

  private mutating func refuse(_ error: InputFileError, _ path: String) {
    problems.append(Problem(name: path, message: error.description))
  }

  /// Hard links, and paths written in two ways, are one file.
  private mutating func dropSameFiles(_ paths: [String]) {
    var seen: [[UInt64]: String] = [:]
    for path in paths {
      do throws(SystemError) {
        let status = try FileSystem.status(of: path, followLinks: false)
        let identity = [status.device, status.inode]
        if let other = seen[identity] {
          Log.info(
            "This is a file named before; it is replayed once.", ("file", path), ("as", other))
          continue
        }
        seen[identity] = path
        files.append(File(path: path, sizeBytes: status.sizeBytes))
      } catch { refuse(.cannotOpen(path: path, error), path) }
    }
  }

  private static func expand(_ pattern: String) -> [String] {
    var found = [pattern.hasPrefix("/") ? "/" : ""]
    for component in pattern.split(separator: "/") {
      found = found.flatMap { prefix -> [String] in
        guard BacklogGlob.isPattern(component) else { return [prefix + component + "/"] }
        let glob = BacklogGlob(component)
        var names: [String] = []
        do throws(SystemError) {
          names = try FileSystem.names(in: prefix.isEmpty ? "." : prefix)
        } catch { return [] }
        return names.filter(glob.matches).map { "\(prefix)\($0)/" }
      }
    }
    return found.map { String($0.dropLast()) }.filter { FileSystem.exists($0) || isLink($0) }
  }

  private static func isLink(_ path: String) -> Bool {
    do throws(SystemError) {
      return try FileSystem.status(of: path, followLinks: false).kind == .symbolicLink
    } catch { return false }
  }
}
