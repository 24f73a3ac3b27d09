/// Whether the ring's file is whole, who has it, and how full it is.
package struct RingFileCheck: DoctorCheck {
  package static let name = "ring"
  private static let looksAgain = 4

  private let path: String
  private let clock: any Clock

  package init(stateDirectory: String, clock: any Clock) {
    (path, self.clock) = ("\(stateDirectory)/ring", clock)
  }

  package func run() -> [DoctorFinding] {
    do throws(RingToolError) {
      let view = try RingView.look(at: path)
      let damaged = view.slots().count { $0 == .damaged }
      var status = try RingStatusReader.read(view, clock: clock)
      // What an agent writes over while it is read looks like damage: it must be seen each time.
      for _ in 0..<Self.looksAgain where status.isInUse && status.unreadable > 0 {
        status = try RingStatusReader.read(view, clock: clock)
      }
      let holders = status.isInUse ? OtherProcess.holders(ofFile: path) : []
      return [Self.judge(status, damagedSuperblocks: damaged, holders: holders)]
    } catch {
      return [Self.judge(error)]
    }
  }

  package static func judge(
    _ status: RingStatus, damagedSuperblocks: Int, holders: [OtherProcess]
  ) -> DoctorFinding {
    let waiting = status.consumers.first?.waiting ?? 0
    let percent = status.sizeBytes == 0 ? 0 : status.freeBytes * 100 / status.sizeBytes
    let whose =
      status.isInUse
      ? holders.first.map { "held by \($0)" } ?? "held by a process of another user"
      : "held by nobody"
    let holds = "\(TextAmount.counted(waiting, "event")) wait, \(percent) % free, \(whose)"
    if status.unreadable > 0 || !status.isInUse && !status.isBalanced {
      return .failed(
        name,
        "\(status.path) is damaged: \(TextAmount.counted(status.unreadable, "event")) can not be read.",
        "\(holds).",
        meanwhile: "The agent counts them as quarantined and delivers all others. New events are "
          + "taken.", remedy: "See what it costs, to the event; then look at the disk:",
        type: ["sheepshipper ring verify", "dmesg -T | tail -50"])
    }
    if damagedSuperblocks > 0 {
      return .warning(
        name, "\(damagedSuperblocks) of the two superblocks of \(status.path) is damaged.",
        "\(holds).",
        meanwhile: "Nothing is lost: the other one, or the events themselves, say the same. A "
          + "running agent writes it anew within moments.",
        remedy: "If it comes back, the disk loses writes:",
        type: ["sheepshipper ring verify", "dmesg -T | tail -50"])
    }
    if percent < DoctorLimits.ringFreePercentWarned {
      return .warning(
        name, "the ring is nearly full: \(percent) % free.", "\(holds).",
        meanwhile:
          "When it is full inputs wait: TCP senders are not read, the webhook answers 503. "
          + "Nothing is dropped unless ring.when_full says so.",
        remedy:
          "Mend delivery first: see the other findings. A larger ring, with the agent stopped:",
        type: ["sheepshipper ring status", "sheepshipper ring resize 4GiB"])
    }
    return .ok(name, holds)
  }

  package static func judge(_ error: RingToolError) -> DoctorFinding {
    switch error {
    case .notThere(let path): return .ok(name, "\(path) is not there yet; the first start makes it")
    case .cannotOpen(let path, let cause) where cause.code == SystemError.notPermitted:
      return .skipped(name, "this user may not read \(path)")
    default:
      return .failed(
        name, "\(error)", meanwhile: DoctorWords.notStarted,
        remedy: "Keep a copy of the file before anything else; it may hold events that wait.",
        type: ["sheepshipper ring verify"])
    }
  }
}
