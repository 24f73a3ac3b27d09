/// How long the disk takes to make a write safe: every webhook's answer waits for it.
package struct SyncTimeCheck: DoctorCheck {
  package static let name = "fsync"

  private let folder: String
  private let clock: any Clock

  package init(stateDirectory: String, clock: any Clock) {
    (folder, self.clock) = (stateDirectory, clock)
  }

  package func run() -> [DoctorFinding] {
    let place = StateFolderCheck.nearest(folder)
    let volume = try? RingVolume(at: place)
    do throws(SystemError) {
      let times = try Self.measure(ProbeFile(in: place), clock: clock)
      return [Self.judge(times, folder)] + (volume.map { Self.judge($0, folder) } ?? [])
    } catch {
      return [Self.judge(error, folder)]
    }
  }

  /// Writes a page and syncs it, again and again for a moment.
  package static func measure(
    _ disk: some Disk, clock: any Clock
  ) throws(SystemError) -> [Duration] {
    let page = [UInt8](repeating: 0x5A, count: 4096)
    // The first one also writes down that the file has grown.
    try disk.write(page, at: 0)
    try disk.syncData()
    var times: [Duration] = []
    let deadline = clock.now() + DoctorLimits.syncTimeMax
    while times.count < DoctorLimits.syncRounds, times.isEmpty || clock.now() < deadline {
      try disk.write(page, at: 0)
      let began = clock.now()
      try disk.syncData()
      times.append(clock.now().since(began))
    }
    return times
  }

  package static func judge(_ times: [Duration], _ folder: String) -> DoctorFinding {
    let sorted = times.sorted()
    guard let longest = sorted.last else { return .skipped(name, "no sync was timed") }
    let median = sorted[sorted.count / 2]
    let figures = "p50 \(text(median)), longest \(text(longest)), of \(times.count)"
    let consequence =
      "Nothing is lost. Each webhook request waits at least that long for its answer, and power loss "
      + "costs TCP senders that much more of what was under way."
    let remedy =
      "Put agent.state_dir on another disk: a local SSD takes 1 to 5 ms. What else writes there?"
    if median >= DoctorLimits.syncFailed {
      return .failed(
        name, "a sync at \(folder) takes \(text(median)).", "\(figures).",
        meanwhile: "\(consequence) Senders give up before.", remedy: remedy, type: ["iostat -x 5 2"]
      )
    }
    if median >= DoctorLimits.syncWarned {
      return .warning(
        name, "a sync at \(folder) takes \(text(median)).", "\(figures).", meanwhile: consequence,
        remedy: remedy, type: ["iostat -x 5 2"])
    }
    return .ok(name, figures)
  }

  package static func judge(_ error: SystemError, _ folder: String) -> DoctorFinding {
    if error.code == SystemError.notPermitted {
      return .skipped(name, "this user may not write at \(folder)")
    }
    let isFull = error.code == SystemError.noSpace || error.code == SystemError.quota
    return .failed(
      name, "the disk at \(folder) can not be written: \(SystemError.text(of: error.code)).",
      meanwhile: isFull
        ? "A ring that is there has its place and goes on; a new one can not be made."
        : "What can not be synced is not accepted: senders keep it. What was accepted before stays "
          + "in the ring as far as the disk gives it back.",
      remedy: isFull ? "Make room on that disk:" : "Look what the kernel says of the disk:",
      type: isFull ? ["df -h \(folder)"] : ["dmesg -T | tail -50", "sheepshipper ring verify"])
  }

  /// What the file system does at power loss.
  package static func judge(_ volume: RingVolume, _ folder: String) -> [DoctorFinding] {
    if let reason = volume.forgetsBecause {
      return [
        .failed(
          name, "\(folder) forgets at power loss what was synced: \(reason).",
          "\(volume.text).",
          meanwhile: "The agent refuses such a place, unless ring.allow_volatile is set; then what "
            + "waits in the ring is gone after a power loss.",
          remedy: "Set agent.state_dir to a folder on a disk, in a container to a volume.")
      ]
    }
    return volume.warnings.map {
      .warning(
        name, "\($0).", "\(volume.text).",
        meanwhile: "All works; it matters at power loss.", remedy: "Try what kill -9 can show:",
        type: ["sheepshipper doctor --crash-test \(folder)"])
    }
  }

  private static func text(_ span: Duration) -> String {
    let milliseconds = span.inSeconds * 1000
    return milliseconds >= 10
      ? "\(Int(milliseconds.rounded())) ms" : "\(Double(Int(milliseconds * 100)) / 100) ms"
  }
}
