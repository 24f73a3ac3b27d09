/// The rules of the house that a program can check. Each gives the faults it found, as sentences with file and line.
enum TidyRules {
  static let fileLinesMax = 500
  static let functionLinesMax = 80
  /// Only System/ makes system calls; Foundation would cost 40 MB and a second of start.
  private static let systemOnly: Set<String> = ["Glibc", "CLinux", "Musl"]

  static func sizes(_ path: String, _ file: SwiftFacts) -> [String] {
    var faults: [String] = []
    if file.lineCount > fileLinesMax {
      faults.append("\(path) has \(file.lineCount) lines; at most \(fileLinesMax)")
    }
    faults += file.functions.filter { $0.lineCount > functionLinesMax }.map {
      "\(path):\($0.firstLine) \($0.name) has \($0.lineCount) lines; at most \(functionLinesMax)"
    }
    return faults
  }

  static func imports(_ path: String, _ file: SwiftFacts) -> [String] {
    let isSystem = path.hasPrefix("Sources/LogPipeline/System/")
    return file.imports.compactMap { module in
      let isForbidden =
        module.text.hasPrefix("Foundation") || (!isSystem && systemOnly.contains(module.text))
      return isForbidden
        ? "\(path):\(module.line) imports \(module.text); only System/ may, and Foundation nobody"
        : nil
    }
  }

  /// - Parameters:
  ///   - folders: the files of each folder of LogPipeline, by path.
  ///   - table: which folder may use which.
  /// - Returns: the faults.
  static func folders(
    _ folders: [String: [String: SwiftFacts]], _ table: FolderTable
  ) -> [String] {
    var faults = folders.keys.filter { table.mayUse[$0] == nil }.map {
      "\($0)/ has no row in the table of docs/architecture.md"
    }
    faults += table.mayUse.keys.filter { folders[$0] == nil }.map {
      "\($0)/ has a row in docs/architecture.md and is not there"
    }
    var owners: [String: Set<String>] = [:]
    for (folder, files) in folders {
      for type in files.values.flatMap(\.declaredTypes) { owners[type, default: []].insert(folder) }
    }
    for (folder, files) in folders {
      let allowed = (table.mayUse[folder] ?? []).union([folder])
      let own = Set(files.values.flatMap(\.ownTypeNames))
      for (path, file) in files {
        for name in file.names.subtracting(own) {
          guard let owner = owners[name], owner.isDisjoint(with: allowed) else { continue }
          let line = file.tokens.first { $0.text == name }?.line ?? 1
          faults.append(
            "\(path):\(line) uses \(name) of \(owner.sorted().joined(separator: ", ")), "
              + "which \(folder)/ may not use by docs/architecture.md")
        }
      }
    }
    return faults.sorted()
  }
}
