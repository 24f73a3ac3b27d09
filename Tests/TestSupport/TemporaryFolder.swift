package import LogPipeline

/// A folder for one test, removed with all that is in it when the test is over.
package final class TemporaryFolder {
  package let path: String

  package init() throws(SystemError) {
    path = try FileSystem.makeTemporaryDirectory(prefix: "sheepshipper-test-")
  }

  deinit { Self.remove(path) }

  /// Removes a folder and all that is in it.
  package static func remove(_ folder: String) {
    for name in (try? FileSystem.names(in: folder)) ?? [] {
      let path = "\(folder)/\(name)"
      if (try? FileSystem.status(of: path, followLinks: false))?.kind == .directory {
        remove(path)
      } else {
        try? FileSystem.remove(path)
      }
    }
    try? FileSystem.removeDirectory(folder)
  }
}
