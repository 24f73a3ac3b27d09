import LogPipeline
import TestSupport
import Testing

@Suite struct MountTests {
  static let table = """
    22 27 0:21 / /proc rw,relatime - proc proc rw
    27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard,barrier=0
    36 35 98:0 /mnt1 /data\\040with\\134space rw,noatime master:1 shared:7 - xfs /dev/sda1 rw,nobarrier
    91 27 0:45 / /merged rw - overlay overlay rw,lowerdir=/l,upperdir=/u,workdir=/w,volatile
    92 27 0:46 / /empty ro - tmpfs  ro
    a line that is none
    93 27 0:47 / /short rw
    """

  @Test func `each line becomes a mount, and what is no such line is left out`() {
    let mounts = Mount.parse(Self.table)
    #expect(mounts.map(\.id) == [22, 27, 36, 91, 92])
    #expect(
      mounts[1]
        == Mount(
          id: 27, device: "254:0", point: "/", fileSystem: "ext4", source: "/dev/vda",
          options: ["rw", "relatime", "rw", "discard", "barrier=0"]))
    #expect(mounts[2].point == "/data with\\space")
    #expect(mounts[2].options == ["rw", "noatime", "rw", "nobarrier"])
    #expect(mounts[3].options.contains("volatile"))
    #expect(mounts[4].source == "" && mounts[4].fileSystem == "tmpfs")
  }

  @Test func `the mount of a file is found by its descriptor, through links too`() throws {
    #expect(Mount.id(inDescriptorInfo: "pos:\t0\nflags:\t0100000\nmnt_id:\t27\nino:\t5\n") == 27)
    #expect(Mount.id(inDescriptorInfo: "pos:\t0\n") == nil)
    let folder = try TemporaryFolder()
    let proc = try #require(try FileDescriptor(opening: "/proc/self/../stat", .read).mount)
    #expect(proc.fileSystem == "proc" && proc.point == "/proc")
    #expect(try FileDescriptor(opening: folder.path, .directory).mount != nil)
  }
}
