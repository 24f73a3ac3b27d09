import LogPipeline
import Synchronization
import TestSupport
import Testing

/// The files below one folder, failing on request for programs started with ``environment``: see Shim/failing-disk.c.
final class FailingDisk {
  /// One kind of failure. `path` is a part of the file's path below the folder, `count` 0 means from now on always.
  struct Rule: CustomTestStringConvertible, Sendable {
    let call: String
    let what: String
    var skip = 0
    var count = 1
    var path = "/ring"

    var testDescription: String { "\(call) \(what) after \(skip), \(count) times, at \(path)" }
    fileprivate var line: String { "\(call) \(what) \(skip) \(count) \(path)\n" }
  }

  static let missing = "no C compiler (cc) here, so no disk that fails can be made"
  static var isAvailable: Bool { library != nil }

  private let folder: String
  private let control: TemporaryFolder
  private var generation = 0

  init(below folder: String) throws {
    self.folder = folder
    control = try TemporaryFolder()
  }

  /// For the program under test.
  var environment: [String: String] {
    var variables = Environment.variables(withPrefix: "")
    variables["LD_PRELOAD"] = Self.library
    variables["FAILING_DISK_FOLDER"] = folder
    variables["FAILING_DISK_RULES"] = "\(control.path)/rules"
    variables["FAILING_DISK_HITS"] = "\(control.path)/hits"
    return variables
  }

  /// From now on, also in a running program; counting begins anew.
  func set(_ rules: Rule...) throws {
    generation += 1
    let text = "\(generation)\n" + rules.map(\.line).joined()
    try FileSystem.replace("\(control.path)/rules", with: Array(text.utf8))
  }

  /// The disk is whole again.
  func mend() throws { try set() }

  /// What failed until now: "fdatasync EIO /path".
  var hits: [String] {
    let bytes = (try? FileSystem.read("\(control.path)/hits")) ?? []
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// Built once, beside the test program; nil when there is no compiler.
  private static let library: String? = {
    let source = FileSystem.parent(of: FileSystem.parent(of: #filePath)) + "/Shim/failing-disk.c"
    let path = FileSystem.parent(of: ProgramUnderTest.besideTests) + "/failing-disk.so"
    let arguments = [
      "cc", "-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", "\(path).new", source,
      "-ldl",
    ]
    guard let compiler = try? ChildProcess("/usr/bin/env", arguments),
      compiler.wait(until: SystemClock().now() + .seconds(60)) == .exited(0),
      (try? FileSystem.rename("\(path).new", to: path)) != nil
    else { return nil }
    return path
  }()
}
