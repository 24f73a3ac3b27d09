import LogPipeline
import RingSimulation
import TestSupport
import Testing

/// Goal: what is wrong with this machine's disk, folder and ring is found before events depend on it. Method: folders of
/// the test's own, and judgements of what can not be made here.
@Suite struct DoctorMachineTests {
  private let clock = SystemClock()

  @Test func `a state directory that is fine, missing, a file, or open to all`() throws {
    let folder = try TemporaryFolder()
    func look(_ path: String) throws -> DoctorFinding {
      try #require(StateFolderCheck(path).run().first)
    }
    #expect(try look(folder.path).status == .ok)
    #expect(try look("\(folder.path)/not/there").title.contains("the first start makes it"))
    try FileSystem.replace("\(folder.path)/file", with: [1])
    let file = try look("\(folder.path)/file")
    #expect(file.status == .failed && file.title.hasSuffix("is no folder."))
    let open = try ChildProcess("/bin/chmod", ["777", folder.path])
    #expect(open.wait(until: clock.now() + .seconds(10)) == .exited(0))
    let opened = try look(folder.path)
    #expect(opened.status == .warning && opened.commands == ["chmod 750 \(folder.path)"])
  }

  @Test func `a state directory of another user, and files of another in it`() throws {
    let folder = try TemporaryFolder()
    var seen = StateFolderCheck.Seen(path: folder.path)
    seen.status = try FileSystem.status(of: folder.path)
    seen.refusal = SystemError(code: SystemError.notPermitted, operation: "write")
    let denied = StateFolderCheck.judge(seen)
    #expect(denied.status == .failed && denied.title.contains("Permission denied"))
    #expect(denied.consequence.contains("does not start"))
    let owner = try #require(seen.status).userId
    #expect(denied.commands == ["sudo -u '#\(owner)' sheepshipper doctor"])
  }

  @Test func `files that the agent's user can not open`() throws {
    let folder = try TemporaryFolder()
    let status = try FileSystem.status(of: folder.path)
    let owner = status.userId
    func look(as user: UInt32, _ ring: UInt32, _ key: UInt32) -> DoctorStatus {
      var seen = StateFolderCheck.Seen(path: folder.path)
      (seen.status, seen.userId) = (status, user)
      seen.owners = [("ring", ring), ("content.key", key)]
      let found = StateFolderCheck.judge(seen)
      if found.status == .failed {
        #expect(found.title.contains("ring of user \(ring), content.key of user \(key)"))
        #expect(found.commands.first?.hasPrefix("sudo chown -R ") == true)
      }
      return found.status
    }
    #expect(look(as: owner, owner, owner) == .ok)
    #expect(look(as: 0, owner, owner) == .ok)
    #expect(look(as: 0, owner, owner + 7) == .failed)
    #expect(look(as: owner + 7, owner + 7, owner) == .failed)
    // The folder is for its owner alone, so the other one can make no files in it.
    #expect(look(as: 0, owner + 7, owner + 7) == .failed)
    let open = try ChildProcess("/bin/chmod", ["2770", folder.path])
    #expect(open.wait(until: clock.now() + .seconds(10)) == .exited(0))
    var volume = StateFolderCheck.Seen(path: folder.path)
    volume.status = try FileSystem.status(of: folder.path)
    volume.userId = owner + 7
    volume.owners = [("ring", owner + 7)]
    #expect(StateFolderCheck.judge(volume).status == .ok)
  }

  @Test func `no room for the ring, by the numbers, by a quota, or beside it`() throws {
    var seen = DiskSpaceCheck.Seen(path: "/s", ringBytes: 1 << 30, freeBytes: 1 << 29)
    let small = DiskSpaceCheck.judge(seen)
    #expect(small.status == .failed)
    #expect(small.title == "the ring needs 1 GiB, and 512 MiB are free at /s.")
    #expect(small.remedy.contains("ring.size"))
    seen.freeBytes = 4 << 30
    #expect(DiskSpaceCheck.judge(seen).status == .ok)
    seen.refusal = SystemError(code: SystemError.quota, operation: "fallocate")
    let quota = DiskSpaceCheck.judge(seen)
    #expect(quota.status == .failed && quota.detail.contains("quota is spent"))
    #expect(quota.commands == ["quota -s"])
    seen.refusal = SystemError(code: SystemError.noSpace, operation: "write")
    (seen.allocatedBytes, seen.fileBytes) = (1 << 30, 1 << 30)
    let full = DiskSpaceCheck.judge(seen)
    #expect(full.status == .failed && full.title.contains("No space left on device"))
    #expect(full.consequence.hasPrefix("The ring has its place and goes on"))
    (seen.refusal, seen.freeBytes) = (nil, 100 << 20)
    let tight = DiskSpaceCheck.judge(seen)
    #expect(tight.status == .warning && tight.title.hasPrefix("100 MiB are free"))
    seen.allocatedBytes = 1 << 29
    #expect(DiskSpaceCheck.judge(seen).title.contains("have no place on the disk"))
  }

  @Test func `the room for a ring is asked for and given back`() throws {
    let folder = try TemporaryFolder()
    let free = try FileSystem.freeBytes(at: folder.path)
    let found = DiskSpaceCheck(stateDirectory: "\(folder.path)/new", ringBytes: 16 << 20).run()
    #expect(found.first?.status == (free > 300 << 20 ? .ok : .warning), "\(found)")
    let huge = DiskSpaceCheck(stateDirectory: folder.path, ringBytes: free + (1 << 30)).run()
    #expect(huge.first?.status == .failed)
    #expect(try FileSystem.names(in: folder.path).isEmpty)
  }

  /// Each sync takes so long.
  private final class SlowDisk: Disk {
    let clock: SteppingClock
    let sync: Duration
    init(_ sync: Duration) { (clock, self.sync) = (SteppingClock(), sync) }
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(SystemError) {}
    func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(SystemError) {}
    func syncData() throws(SystemError) { clock.step(sync) }
    func dropCache() {}
  }

  @Test func `a slow disk is a warning, a very slow one a failure`() throws {
    func judge(_ sync: Duration) throws -> DoctorFinding {
      let disk = SlowDisk(sync)
      return SyncTimeCheck.judge(try SyncTimeCheck.measure(disk, clock: disk.clock), "/s")
    }
    #expect(try judge(.milliseconds(2)).status == .ok)
    #expect(try judge(.milliseconds(49)).status == .ok)
    let slow = try judge(DoctorLimits.syncWarned)
    #expect(slow.status == .warning && slow.title == "a sync at /s takes 50 ms.")
    #expect(slow.consequence.contains("Nothing is lost"))
    let verySlow = try judge(.seconds(2))
    #expect(verySlow.status == .failed && verySlow.detail.hasSuffix("of 2."), "\(verySlow)")
  }

  @Test func `a disk that can not be written, or forgets`() {
    let broken = SyncTimeCheck.judge(
      SystemError(code: SystemError.inputOutput, operation: "fdatasync"), "/s")
    #expect(broken.status == .failed && broken.title.contains("Input/output error"))
    #expect(broken.commands.first == "dmesg -T | tail -50")
    let memory = RingVolume(
      mount: Mount(
        id: 1, device: "0:1", point: "/s", fileSystem: "tmpfs", source: "tmpfs", options: []))
    let found = SyncTimeCheck.judge(memory, "/s")
    #expect(found.map(\.status) == [.failed])
    #expect(found.first?.title.contains("it lies in memory") == true)
  }

  // The ring.

  private func judge(
    _ status: RingStatus, damagedSuperblocks: Int = 0, _ holders: [OtherProcess] = []
  ) -> DoctorFinding {
    RingFileCheck.judge(status, damagedSuperblocks: damagedSuperblocks, holders: holders)
  }

  @Test func `a ring at rest, one in use, and one that is nearly full`() throws {
    let ring = try RingHarness()
    #expect(judge(try ring.status()).title.hasSuffix("held by nobody"))
    var held = try ring.status()
    held.isInUse = true
    #expect(judge(held).title.hasSuffix("held by a process of another user"))
    let holder = OtherProcess(id: 7, name: "sheepshipper")
    #expect(judge(held, [holder]).title.hasSuffix("held by sheepshipper (process 7)"))
    held.freeBytes = held.sizeBytes / 20 + 1
    let full = judge(held)
    #expect(full.status == .warning && full.title == "the ring is nearly full: 5 % free.")
    #expect(full.consequence.contains("inputs wait"))
  }

  @Test func `a damaged ring says what it costs`() throws {
    var status = try RingHarness().status()
    status.unreadable = 12
    let damaged = judge(status)
    #expect(damaged.status == .failed && damaged.title.contains("12 events can not be read"))
    #expect(damaged.consequence.contains("quarantined"))
    let half = judge(try RingHarness().status(), damagedSuperblocks: 1)
    #expect(half.status == .warning && half.title.hasPrefix("1 of the two superblocks"))
  }

  @Test func `no ring yet, none of ours, and one of another version`() throws {
    let folder = try TemporaryFolder()
    let check = RingFileCheck(stateDirectory: folder.path, clock: clock)
    #expect(check.run().map(\.status) == [.ok])
    try FileSystem.replace("\(folder.path)/ring", with: [UInt8](repeating: 7, count: 1 << 20))
    let foreign = try #require(check.run().first)
    #expect(foreign.status == .failed && foreign.title.contains("is no ring"), "\(foreign)")
    let newer = RingFileCheck.judge(.otherVersion(path: "/s/ring", found: 9, known: 2))
    #expect(newer.status == .failed && newer.title.contains("format version 9"))
  }
}
