/// Finds what patterns of paths mean now.
struct FollowGlob {
  /// More folders of one pattern are looked at by the clock alone.
  static let foldersMax = 1024

  private let exclude: [String]

  init(exclude: [String]) { self.exclude = exclude }

  /// Existing paths, sorted; links are there too, by their own names. `onProblem` is called for folders that can not be
  /// read.
  func paths(of pattern: String, onProblem: (String, SystemError) -> Void) -> [String] {
    var found = [pattern.hasPrefix("/") ? "/" : ""]
    for component in pattern.split(separator: "/") {
      guard BacklogGlob.isPattern(component) else {
        found = found.map { "\($0)\(component)/" }
        continue
      }
      let glob = BacklogGlob(component)
      found = found.flatMap { folder -> [String] in
        do throws(SystemError) {
          let names = try FileSystem.names(in: folder.isEmpty ? "." : folder)
          return names.filter(glob.matches).map { "\(folder)\($0)/" }
        } catch {
          if error.code != SystemError.noEntry, error.code != SystemError.notADirectory {
            onProblem(folder, error)
          }
          return []
        }
      }
    }
    return found.map { String($0.dropLast()) }.filter { FileSystem.exists($0) && !isExcluded($0) }
  }

  /// The folder above the first part that is special: before it is there, nothing can be said of the pattern.
  static func root(of pattern: String) -> String {
    let parts = pattern.split(separator: "/", omittingEmptySubsequences: false)
    let plain = parts.dropLast().prefix { !BacklogGlob.isPattern($0) }
    let root = plain.joined(separator: "/")
    return root.isEmpty ? (pattern.hasPrefix("/") ? "/" : ".") : root
  }

  /// Existing folders in which a file of the pattern may appear; while there is none, the nearest one above.
  func folders(of pattern: String) -> [String] {
    let folder = FileSystem.parent(of: pattern)
    let found = folder == "." ? ["."] : paths(of: folder) { _, _ in }
    if !found.isEmpty { return Array(found.prefix(Self.foldersMax)) }
    var above = Self.root(of: pattern)
    while !FileSystem.exists(above), above != "/", above != "." {
      above = FileSystem.parent(of: above)
    }
    return [above]
  }

  /// Whether a pattern is about whole paths or about names is told by its slash.
  func isExcluded(_ path: String) -> Bool {
    exclude.contains { pattern in
      guard pattern.contains("/") else {
        return BacklogGlob(pattern).matches(FollowNames.name(of: path))
      }
      let (wanted, given) = (pattern.split(separator: "/"), path.split(separator: "/"))
      return wanted.count == given.count
        && zip(wanted, given).allSatisfy { BacklogGlob($0).matches(String($1)) }
    }
  }
}
