/// Whether the agent can keep its files where it is told to, and nobody else writes there.
package struct StateFolderCheck: DoctorCheck {
  package static let name = "state_dir"
  /// Made by the agent for its own user: one of another user stops it.
  private static let ownFiles = ["ring", "content.key", "dead-letters.ndjson", "refused.ndjson"]
  private static let writableByOthers: UInt32 = 0o002
  private static let writableByGroup: UInt32 = 0o020

  /// What was seen of the folder.
  package struct Seen {
    package var path: String
    /// nil: it is not there.
    package var status: FileStatus?
    /// Why we may not write in it, or in the nearest folder above it that is there.
    package var refusal: SystemError?
    /// Whose the agent's files in it are.
    package var owners: [(file: String, userId: UInt32)] = []
    /// Who looks: 0 is root, who may everything.
    package var userId: UInt32 = 0

    package init(path: String) { self.path = path }
  }

  private let path: String

  package init(_ path: String) { self.path = path }

  package func run() -> [DoctorFinding] {
    var seen = Seen(path: path)
    seen.userId = Environment.userId
    seen.status = try? FileSystem.status(of: path)
    seen.refusal = FileSystem.refusal(toWriteIn: Self.nearest(path))
    seen.owners = Self.ownFiles.compactMap { file in
      (try? FileSystem.status(of: "\(path)/\(file)")).map { (file, $0.userId) }
    }
    return [Self.judge(seen)]
  }

  /// The folder, or the nearest above it that is there.
  static func nearest(_ path: String) -> String {
    var folder = path
    while !FileSystem.exists(folder), folder != "/", folder != "." {
      folder = FileSystem.parent(of: folder)
    }
    return folder
  }

  package static func judge(_ seen: Seen) -> DoctorFinding {
    guard let status = seen.status else { return missing(seen) }
    guard status.kind == .directory else {
      return .failed(
        name, "\(seen.path) is no folder.", meanwhile: DoctorWords.notStarted,
        remedy: "Move it away, or set agent.state_dir to a folder.")
    }
    if let refusal = seen.refusal {
      return .failed(
        name,
        "\(seen.path) can not be written by this user: \(SystemError.text(of: refusal.code)).",
        "It belongs to user \(status.userId); this is user \(seen.userId).",
        meanwhile: "An agent of this user does not start, and takes nothing in.",
        remedy:
          "Run doctor as the agent's user. If the agent is to be of this user, give it the folder "
          + "and all in it (chown -R).",
        type: ["sudo -u '#\(status.userId)' sheepshipper doctor"])
    }
    if let mixed = mixed(seen, status) { return mixed }
    if status.mode & writableByOthers != 0 {
      return .warning(
        name, "everybody on this machine can write in \(seen.path).",
        meanwhile: "All works. Anybody could take the ring away, and what waits in it.",
        remedy: "Take that right from them:", type: ["chmod 750 \(seen.path)"])
    }
    return .ok(name, "\(seen.path) is there and can be written")
  }

  /// nil: one user can work with all of it. The agent's files are for their owner alone.
  private static func mixed(_ seen: Seen, _ folder: FileStatus) -> DoctorFinding? {
    guard let first = seen.owners.first else { return nil }
    let isOne = seen.owners.allSatisfy { $0.userId == first.userId }
    // Root looks for another user, whom the files tell.
    let agent = seen.userId == 0 ? first.userId : seen.userId
    // A volume may be a group's.
    let mayMakeFiles =
      agent == 0 || agent == folder.userId || folder.mode & writableByGroup != 0
    if isOne, agent == first.userId, mayMakeFiles { return nil }
    let owners = seen.owners.map { "\($0.file) of user \($0.userId)" }.joined(separator: ", ")
    return .failed(
      name, "no one user can work in \(seen.path): it is of user \(folder.userId), \(owners).",
      "That is so after a command was run as another user with the agent's configuration.",
      meanwhile: DoctorWords.notStarted, remedy: "Give all of it to the agent's user, such as:",
      type: ["sudo chown -R sheepshipper: \(seen.path)"])
  }

  private static func missing(_ seen: Seen) -> DoctorFinding {
    guard let refusal = seen.refusal else {
      return .ok(name, "\(seen.path) is not there yet; the first start makes it")
    }
    return .failed(
      name, "\(seen.path) is not there, and this user can not make it.",
      "\(refusal).", meanwhile: "An agent of this user does not start, and takes nothing in.",
      remedy: "Make it for the agent's user, or set agent.state_dir:",
      type: ["sudo install -d -o \(seen.userId) -m 750 \(seen.path)"])
  }
}
