/// Whether the disk has room for the ring, and for what the agent writes beside it.
package struct DiskSpaceCheck: DoctorCheck {
  package static let name = "disk space"

  /// What was seen of the disk.
  package struct Seen: Equatable {
    package var path: String
    package var ringBytes: UInt64
    /// Of the ring's file, how much the disk has set aside for it; nil: there is none yet.
    package var allocatedBytes: UInt64?
    /// The size of the ring's file.
    package var fileBytes: UInt64 = 0
    package var freeBytes: UInt64
    /// Why a file of the missing size can not be had, or a small one not be written; nil: both can.
    package var refusal: SystemError?

    package init(path: String, ringBytes: UInt64, freeBytes: UInt64) {
      (self.path, self.ringBytes, self.freeBytes) = (path, ringBytes, freeBytes)
    }
  }

  /// Too small to be of use to anybody else.
  private static let probeBytes: UInt64 = 1 << 20

  private let folder: String
  private let ringBytes: UInt64

  package init(stateDirectory: String, ringBytes: UInt64) {
    (folder, self.ringBytes) = (stateDirectory, ringBytes)
  }

  package func run() -> [DoctorFinding] {
    let place = StateFolderCheck.nearest(folder)
    let free: UInt64
    do throws(SystemError) { free = try FileSystem.freeBytes(at: place) } catch {
      return [.skipped(Self.name, "\(error)")]
    }
    var seen = Seen(path: folder, ringBytes: ringBytes, freeBytes: free)
    if let ring = try? FileSystem.status(of: "\(folder)/ring") {
      (seen.allocatedBytes, seen.fileBytes) = (ring.allocatedBytes, ring.sizeBytes)
    }
    // Where there is room by the numbers, a quota may still say no; asking for the space tells, and is free of cost.
    let isAmple = free > ringBytes + DoctorLimits.freeBytesWarned
    let wanted = seen.allocatedBytes == nil && isAmple ? ringBytes : Self.probeBytes
    if free > wanted, FileSystem.refusal(toWriteIn: place) == nil {
      seen.refusal = Self.refusal(of: wanted, in: place)
    }
    return [Self.judge(seen)]
  }

  private static func refusal(of bytes: UInt64, in folder: String) -> SystemError? {
    do throws(SystemError) {
      let file = try ProbeFile(in: folder)
      try file.reserve(bytes)
      try file.write([UInt8](repeating: 0, count: 1 << 16), at: 0)
      try file.syncData()
      return nil
    } catch {
      return error.code == SystemError.notSupported ? nil : error
    }
  }

  package static func judge(_ seen: Seen) -> DoctorFinding {
    let free = TextAmount.bytes(seen.freeBytes)
    let size = TextAmount.bytes(seen.ringBytes)
    let type = ["df -h \(seen.path)", "du -xh --max-depth=1 \(seen.path)"]
    if seen.allocatedBytes == nil {
      if seen.freeBytes < seen.ringBytes {
        return .failed(
          name, "the ring needs \(size), and \(free) are free at \(seen.path).",
          meanwhile: DoctorWords.notStarted,
          remedy: "Make room, or lower ring.size (16MiB is the least).", type: type)
      }
      if let refusal = seen.refusal { return refused(seen, refusal, "the ring's \(size)", type) }
    } else if let refusal = seen.refusal {
      return refused(seen, refusal, "another file", type)
    }
    if let allocated = seen.allocatedBytes, allocated < seen.fileBytes {
      let missing = seen.fileBytes - allocated
      if missing > seen.freeBytes {
        return .failed(
          name,
          "\(TextAmount.bytes(missing)) of the ring have no place on the disk, and \(free) are free.",
          "The file was copied without its zeros.",
          meanwhile:
            "Events are taken until the disk is full; then inputs wait. Nothing accepted is "
            + "lost.", remedy: "Make room; the next start of the agent takes the place.", type: type
        )
      }
    }
    let beside = seen.allocatedBytes == nil ? seen.freeBytes - seen.ringBytes : seen.freeBytes
    if beside < DoctorLimits.freeBytesWarned {
      return .warning(
        name, "\(TextAmount.bytes(beside)) are free at \(seen.path) beside the ring.",
        meanwhile:
          "The ring has its place and goes on. Dead letters, refused frames, the archive and "
          + "the record of deliveries need room: without, their events wait in the ring.",
        remedy: "Make room on that disk:", type: type)
    }
    return .ok(name, "\(free) free at \(seen.path), ring of \(size)")
  }

  private static func refused(
    _ seen: Seen, _ refusal: SystemError, _ what: String, _ commands: [String]
  ) -> DoctorFinding {
    let isQuota = refusal.code == SystemError.quota
    let isNew = seen.allocatedBytes == nil
    return .failed(
      name,
      "the disk at \(seen.path) gives no room for \(what): \(SystemError.text(of: refusal.code)).",
      isQuota
        ? "Free by the numbers: \(TextAmount.bytes(seen.freeBytes)); this user's quota is spent."
        : "",
      meanwhile: isNew
        ? DoctorWords.notStarted
        : "The ring has its place and goes on taking events. Dead letters, refused frames and the "
          + "archive can not be written: their events wait in the ring.",
      remedy: isQuota
        ? "Raise the quota of the agent's user, or lower ring.size." : "Make room on that disk:",
      type: isQuota ? ["quota -s"] : commands)
  }
}
