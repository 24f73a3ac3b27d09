import LogPipeline
import Testing

/// Goal: whoever runs the agent is told what a sync is worth where the ring lies.
/// Method: mounts as the kernel shows them, in words.
@Suite struct RingVolumeTests {
  private func volume(
    _ fileSystem: String, _ options: String = "rw", source: String = "/dev/sda1",
    type: UInt64 = 0, hasWriteCache: Bool? = nil, isNoCopyOnWrite: Bool? = nil
  ) -> RingVolume {
    let line = "27 1 8:1 / / rw,relatime - \(fileSystem) \(source) \(options)"
    return RingVolume(
      mount: Mount.parse(line).first, type: type, device: BlockDevice(hasWriteCache: hasWriteCache),
      isNoCopyOnWrite: isNoCopyOnWrite)
  }

  @Test func `a disk with barriers has nothing to be warned of`() {
    for name in ["ext3", "ext4", "xfs", "btrfs"] {
      let found = volume(name, isNoCopyOnWrite: true)
      #expect(found.forgetsBecause == nil && found.warnings.isEmpty, "\(name)")
      #expect(found.text == "\(name) on /dev/sda1, barriers on")
    }
    #expect(
      volume("ext4", hasWriteCache: false).text
        == "ext4 on /dev/sda1, barriers on, disk without write cache")
    #expect(volume("ext4", hasWriteCache: true).text == "ext4 on /dev/sda1, barriers on")
    #expect(volume("exfat").text == "exfat on /dev/sda1")
  }

  @Test func `mounts without barriers are named`() {
    for (name, option) in [
      ("ext4", "rw,nobarrier"), ("ext4", "rw,barrier=0,data=ordered"), ("xfs", "nobarrier"),
      ("ext3", "barrier=0"), ("btrfs", "rw,nobarrier,space_cache"),
    ] {
      let found = volume(name, option, isNoCopyOnWrite: true)
      #expect(found.text.hasSuffix("barriers OFF"), "\(name) \(option)")
      #expect(found.warnings.count == 1 && found.warnings[0].contains("without barriers"))
      #expect(found.forgetsBecause == nil, "a battery may still save it")
    }
    #expect(volume("ext4", "rw,barrier=1").warnings.isEmpty)
  }

  @Test func `what forgets at power loss is known, also without a mount table`() {
    #expect(volume("tmpfs", source: "tmpfs").forgetsBecause == "it lies in memory")
    #expect(volume("ramfs").forgetsBecause != nil)
    #expect(volume("tmpfs", source: "tmpfs").text == "tmpfs")
    let overlay = volume("overlay", "rw,upperdir=/u,workdir=/w,volatile", source: "overlay")
    #expect(overlay.forgetsBecause?.contains("volatile") == true)
    #expect(volume("overlay", "rw,uuid=on,fsync=volatile").forgetsBecause != nil)
    #expect(volume("overlay", "rw,upperdir=/volatile").forgetsBecause == nil)
    #expect(RingVolume(mount: nil, type: 0x0102_1994).forgetsBecause != nil)
    #expect(RingVolume(mount: nil, type: 0x8584_58F6).forgetsBecause != nil)
    let unknown = RingVolume(mount: nil)
    #expect(unknown.forgetsBecause == nil && unknown.text == "unknown file system")
  }

  @Test func `network, containers, zfs and copy on write each have their warning`() {
    for name in ["nfs", "nfs4", "cifs", "fuse.sshfs", "fuse", "9p", "ceph"] {
      let warnings = volume(name, source: "server:/export").warnings
      #expect(warnings.count == 1, "\(name)")
      #expect(warnings.first?.contains("sync semantics of a network file system") == true)
    }
    #expect(volume("fuseblk").warnings.isEmpty, "a local disk")
    #expect(volume("overlay").warnings.first?.contains("deleted with the container") == true)
    #expect(volume("zfs", source: "tank/x").warnings.first?.contains("sync=disabled") == true)
    #expect(
      volume("btrfs", isNoCopyOnWrite: false).warnings.first?.contains("copies on write") == true)
    #expect(volume("btrfs", isNoCopyOnWrite: nil).warnings.isEmpty, "not known is not told")
  }

  @Test func `the durability line is one line with all of it`() {
    var times = SyncTimes()
    for _ in 0..<98 { times.add(.microseconds(900)) }
    for _ in 0..<2 { times.add(.milliseconds(40)) }
    let state = RingFileState(volume: volume("ext4"), syncTimes: times, isGone: false)
    #expect(
      state.durability == "ext4 on /dev/sda1, barriers on, fdatasync p50 0.9 ms, p99 39 ms")
    let bad = RingFileState(
      volume: volume("overlay", "volatile"), syncTimes: SyncTimes(), isGone: false)
    #expect(bad.durability.hasPrefix("overlay on /dev/sda1; WARNING: power loss loses"))
    #expect(!bad.durability.contains("\n"))
  }
}
