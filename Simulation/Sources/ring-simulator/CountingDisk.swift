import LogPipeline
import RingSimulation
import Synchronization

/// Counts what goes to a simulated disk.
final class CountingDisk: Disk {
  let disk: SimulatedDisk
  private let written = Atomic<UInt64>(0)

  init(_ disk: SimulatedDisk) { self.disk = disk }

  var bytesWritten: UInt64 { written.load(ordering: .relaxed) }

  func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64
  ) throws(SystemError) {
    try unsafe disk.read(into: buffer, at: offset)
  }

  func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(SystemError) {
    written.add(UInt64(bytes.count), ordering: .relaxed)
    try unsafe disk.write(bytes, at: offset)
    _ = disk.takeSuperblocks()
    _ = disk.takeGroups()
  }

  func syncData() throws(SystemError) { try disk.syncData() }
  func dropCache() { disk.dropCache() }
}
