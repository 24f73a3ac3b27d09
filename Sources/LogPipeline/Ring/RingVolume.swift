/// What is known of the file system below a ring: whether it forgets at power loss, and what else to know of it. Pure.
package struct RingVolume: Equatable, Sendable {
  private static let inMemory: Set<String> = ["tmpfs", "ramfs", "devtmpfs"]
  /// The kernel's numbers of tmpfs and ramfs, for where /proc does not tell.
  private static let inMemoryTypes: Set<UInt64> = [0x0102_1994, 0x8584_58F6]
  private static let onNetwork: Set<String> = [
    "nfs", "nfs4", "cifs", "smb3", "9p", "ceph", "lustre", "gfs2", "ocfs2", "afs", "virtiofs",
  ]
  /// As it is given, and as newer kernels (6.18) show it.
  private static let volatileOverlay: Set<String> = ["volatile", "fsync=volatile"]
  private static let withBarriers: Set<String> = ["ext3", "ext4", "xfs", "btrfs", "f2fs", "jfs"]
  private static let withoutBarriers: Set<String> = ["nobarrier", "barrier=0", "barrier=none"]

  /// "ext4"; "unknown file system" where it can not be told.
  package let fileSystem: String
  /// "/dev/vda" or "server:/export"; empty where there is none.
  package let source: String
  /// Why what was synced is gone after power loss, whatever the ring does; nil when it is not known to be.
  package let forgetsBecause: String?
  /// Whether fdatasync makes the disk write out its own cache; nil where that does not apply.
  package let hasBarriers: Bool?
  package let hasWriteCache: Bool?
  /// What an operator should know, a phrase each.
  package let warnings: [String]

  /// `type` is the kernel's number of the file system; `isNoCopyOnWrite` is said of the ring's file, on btrfs.
  package init(
    mount: Mount?, type: UInt64 = 0, device: BlockDevice? = nil, isNoCopyOnWrite: Bool? = nil
  ) {
    let name = mount?.fileSystem ?? ""
    let options = Set(mount?.options ?? [])
    fileSystem = name.isEmpty ? "unknown file system" : name
    source = Self.source(of: mount)
    hasWriteCache = device?.hasWriteCache
    forgetsBecause =
      if Self.inMemory.contains(name) || name.isEmpty && Self.inMemoryTypes.contains(type) {
        "it lies in memory"
      } else if name == "overlay" && !options.isDisjoint(with: Self.volatileOverlay) {
        "the overlay is mounted volatile, so it never syncs"
      } else { nil }
    hasBarriers =
      Self.withBarriers.contains(name) ? options.isDisjoint(with: Self.withoutBarriers) : nil
    warnings = Self.warnings(
      name, isBarrierOff: hasBarriers == false, isNoCopyOnWrite: isNoCopyOnWrite)
  }

  /// Of an open file.
  init(of file: borrowing FileDescriptor) {
    let mount = file.mount
    self.init(
      mount: mount, type: file.fileSystemType,
      device: mount.map { BlockDevice(number: $0.device) }, isNoCopyOnWrite: file.isNoCopyOnWrite)
  }

  /// Of a folder or file; throws what opening it said.
  package init(at path: String) throws(SystemError) {
    let file = try FileDescriptor(opening: path, .read)
    let mount = file.mount
    self.init(
      mount: mount, type: file.fileSystemType, device: mount.map { BlockDevice(number: $0.device) })
  }

  var isBtrfs: Bool { fileSystem == "btrfs" }

  /// "ext4 on /dev/vda, barriers on".
  package var text: String {
    var text = fileSystem + (source.isEmpty ? "" : " on \(source)")
    if let hasBarriers { text += hasBarriers ? ", barriers on" : ", barriers OFF" }
    if hasWriteCache == false { text += ", disk without write cache" }
    return text
  }

  private static func source(of mount: Mount?) -> String {
    guard let mount, mount.source != mount.fileSystem, mount.source != "none" else { return "" }
    return mount.source
  }

  private static func warnings(
    _ name: String, isBarrierOff: Bool, isNoCopyOnWrite: Bool?
  ) -> [String] {
    var warnings: [String] = []
    if isBarrierOff {
      warnings.append(
        "mounted without barriers: at power loss what was accepted is kept only if the disk's cache has a battery; "
          + "mount it with barriers")
    }
    if onNetwork.contains(name) {
      warnings.append(
        "sync semantics of a network file system (\(name)): the server decides what survives its own power loss; "
          + "a local disk is better")
    } else if name == "fuse" || name.hasPrefix("fuse.") {
      warnings.append(
        "sync semantics of a network file system or of another program (\(name)): that program decides what a sync "
          + "means; a local disk is better")
    } else if name == "overlay" {
      warnings.append(
        "overlay, the writable layer of a container: it is deleted with the container; mount a volume there"
      )
    } else if name == "zfs" {
      warnings.append(
        "zfs: with sync=disabled nothing survives power loss (zfs get sync tells), and its space is not reserved"
      )
    } else if name == "btrfs", isNoCopyOnWrite == false {
      warnings.append(
        "btrfs copies on write: writing over old events needs new space each time, and the disk can run full under "
          + "the ring; once it is empty, stop, delete the ring's file and start again: the new one is made without"
      )
    }
    return warnings
  }
}
