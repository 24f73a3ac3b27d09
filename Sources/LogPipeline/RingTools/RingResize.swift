/// Gives a ring another size: a new file beside it, checked, and renamed over it. Until the rename the old one is
/// untouched, and after it the new one is whole, so a stop at any moment leaves a ring with the same events.
package struct RingResize {
  private static let zerosAtOnceBytes = 1 << 20

  package enum Step: Sendable { case checking, zeros, copying, verifying }

  private let view: RingView
  private let sizeBytes: UInt64
  private let onProgress: (Step, _ doneBytes: UInt64, _ ofBytes: UInt64) -> Void
  private var path: String { view.path }
  private var temporary: String { "\(view.path).resized" }

  /// The view is held until this returns. `sizeBytes` is that of the whole new file. When it throws, the ring is as it was.
  package static func resize(
    _ view: RingView, to sizeBytes: UInt64,
    onProgress: @escaping (Step, _ doneBytes: UInt64, _ ofBytes: UInt64) -> Void
  ) throws(RingToolError) -> RingResizeReport {
    try RingResize(view: view, sizeBytes: sizeBytes, onProgress: onProgress).run()
  }

  /// The copying alone, into as many bytes of zeros, without a look at damage.
  package static func copy(
    _ view: RingView, to target: any Disk, sizeBytes: UInt64
  ) throws(RingToolError) {
    let resize = RingResize(view: view, sizeBytes: sizeBytes, onProgress: { _, _, _ in })
    let copy = try resize.prepared()
    do throws(SystemError) {
      try copy.write(to: target) { _ in }
    } catch { throw .cannotWrite(path: view.path, error) }
  }

  private func run() throws(RingToolError) -> RingResizeReport {
    var report = RingResizeReport(path: path, oldBytes: view.sizeBytes, newBytes: sizeBytes)
    _ = try view.superblock()
    if view.sizeBytes == sizeBytes { return report }
    try refuseDamaged()
    let copy = try prepared()
    let live = copy.live
    let least = max(RingConfiguration.sizeBytesMin, Self.leastBytes(live: live.bytes))
    guard sizeBytes >= least else {
      throw .tooSmall(
        path: path, givenBytes: sizeBytes, leastBytes: least, eventsWaiting: live.events)
    }
    (report.groups, report.events) = (live.groups, live.events)
    do throws(RingToolError) {
      try make(copy, live.bytes)
    } catch {
      // What can not be removed is written over by the next resize.
      try? FileSystem.remove(temporary)
      throw error
    }
    return report
  }

  private func prepared() throws(RingToolError) -> RingCopy {
    let superblock = try view.superblock()
    let end = try RingEnd.judged(superblock, of: view)
    guard end.tailPosition == superblock.tail.position, !view.isRebuilt else {
      throw .staleSuperblock(path: path)
    }
    let page = UInt64(RingLayout.pageBytes)
    return RingCopy(
      source: view, superblock: superblock, end: end, fileId: .random(in: 1 ... .max),
      dataEnd: sizeBytes / page * page)
  }

  /// The smallest whole MiB that holds so many bytes of groups and what is held back.
  package static func leastBytes(live: UInt64) -> UInt64 {
    let mebibyte: UInt64 = 1 << 20
    var size = max(mebibyte, live / mebibyte * mebibyte)
    while true {
      let dataSize = size - RingLayout.dataStart
      if live <= dataSize {
        let space = RingSpace(
          dataSize: dataSize, groupBytesMax: RingLayout.groupBytesMax(fileBytes: size), head: live,
          durableTail: 0)
        if live + space.reserveBytes <= dataSize { return size }
      }
      size += mebibyte
    }
  }

  private func refuseDamaged() throws(RingToolError) {
    let found = try RingVerifier.verify(view) { onProgress(.checking, $0, $1) }
    // A bad superblock alone costs nothing: the new file gets two good ones.
    if found.faults.contains(where: { $0.position != nil }) {
      throw .damagedRing(path: path, faults: found.faultCount)
    }
  }

  private func make(_ copy: RingCopy, _ liveBytes: UInt64) throws(RingToolError) {
    let disk: FileDisk
    do throws(SystemError) {
      let file = try FileDescriptor(opening: temporary, .readWrite, create: true)
      guard try file.tryLock() else {
        throw SystemError(code: SystemError.again, operation: "lock \(temporary)")
      }
      try file.truncate(to: 0)
      try file.takeOwner(ofFileAt: path)
      let free = try FileSystem.freeBytes(at: FileSystem.parent(of: path))
      guard free >= sizeBytes else {
        throw SystemError(code: SystemError.noSpace, operation: "\(free)")
      }
      try writeZeros(to: file)
      try file.sync()
      disk = try FileDisk(taking: file, path: temporary)
      try copy.write(to: disk) { onProgress(.copying, $0, liveBytes) }
      disk.dropCache()
    } catch {
      if error.code == SystemError.noSpace, let free = UInt64(error.operation) {
        throw .noRoom(path: path, neededBytes: sizeBytes, freeBytes: free)
      }
      throw error.code == SystemError.again
        ? .inUse(path: temporary) : .cannotWrite(path: temporary, error)
    }
    try check(RingView(path: temporary, sizeBytes: sizeBytes, disk: disk), copy)
    do throws(SystemError) {
      try FileSystem.rename(temporary, to: path)
      try FileSystem.syncDirectory(FileSystem.parent(of: path))
    } catch { throw .cannotWrite(path: path, error) }
  }

  /// The new ring by itself, and beside the old one.
  private func check(_ made: RingView, _ copy: RingCopy) throws(RingToolError) {
    let found = try RingVerifier.verify(made) { onProgress(.verifying, $0, $1) }
    guard found.isWhole else {
      throw .copyDiffers(path: path, reason: found.faults.first?.text ?? "a fault")
    }
    let status = try RingStatusReader.read(made, clock: SystemClock())
    guard found.events == copy.live.events, status.isBalanced else {
      throw .copyDiffers(path: path, reason: "it holds \(found.events) events")
    }
  }

  private func writeZeros(to file: borrowing FileDescriptor) throws(SystemError) {
    let zeros = [UInt8](repeating: 0, count: Self.zerosAtOnceBytes)
    var written: UInt64 = 0
    while written < sizeBytes {
      let count = Int(min(UInt64(zeros.count), sizeBytes - written))
      try file.write(count == zeros.count ? zeros : Array(zeros[..<count]))
      written += UInt64(count)
      onProgress(.zeros, written, sizeBytes)
    }
  }
}
