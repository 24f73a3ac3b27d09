import LogPipeline

/// The repository this test was built from.
enum Repository {
  /// Its folder, from where this file lies in it.
  static let root: String = {
    let levels = 4  // Tests/LogPipelineTests/Tidy/Repository.swift
    return "/" + #filePath.split(separator: "/").dropLast(levels).joined(separator: "/")
  }()

  /// Every file and folder, relative to the root, without what is built or belongs to git.
  static func paths() throws -> Set<String> {
    var found: Set<String> = []
    var folders = [""]
    while let folder = folders.popLast() {
      for name in try FileSystem.names(in: "\(root)/\(folder)") {
        let path = folder.isEmpty ? name : "\(folder)/\(name)"
        guard ![".git", ".build", "__pycache__"].contains(name) else { continue }
        found.insert(path)
        if try FileSystem.status(of: "\(root)/\(path)", followLinks: false).kind == .directory {
          folders.append(path)
        }
      }
    }
    return found
  }

  static func text(_ path: String) throws -> String {
    String(decoding: try FileSystem.read("\(root)/\(path)"), as: UTF8.self)
  }

  /// The targets of a Makefile: names before a colon at the start of a line.
  static func targets(ofMakefile text: String) -> Set<String> {
    Set(
      text.split(separator: "\n").compactMap { line in
        guard let colon = line.firstIndex(of: ":"), line.first?.isLetter == true else { return nil }
        return String(line[..<colon])
      })
  }
}
