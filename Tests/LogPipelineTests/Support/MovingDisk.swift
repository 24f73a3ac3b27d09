import LogPipeline
import RingSimulation

/// A disk on which something else happens after so many reads: an agent at work while a tool looks.
final class MovingDisk: Disk, @unchecked Sendable {
  // @unchecked Sendable: each test uses its disk from one thread.
  private let disk: SimulatedDisk
  private var readsBefore: Int
  private let happen: () -> Void

  init(_ disk: SimulatedDisk, readsBefore: Int, _ happen: @escaping () -> Void) {
    (self.disk, self.readsBefore, self.happen) = (disk, readsBefore, happen)
  }

  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(SystemError) {
    readsBefore -= 1
    if readsBefore == 0 { happen() }
    try unsafe disk.read(into: buffer, at: offset)
  }

  func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(SystemError) {
    try unsafe disk.write(bytes, at: offset)
  }

  func syncData() throws(SystemError) { try disk.syncData() }
  func dropCache() {}
}
