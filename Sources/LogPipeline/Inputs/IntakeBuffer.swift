/// Bytes that grow at the end, followed by readable padding as the JSON parser wants it.
@safe final class IntakeBuffer {
  /// The parser reads up to so many bytes past the end; what stands there does not matter.
  static let paddingBytes = 64
  /// What an emptied buffer may keep for its next use.
  private static let keptBytesMax = 64 << 10

  private var storage: UnsafeMutableRawPointer?
  private(set) var capacity = 0
  private(set) var count = 0

  init() {}
  init(capacity: Int) { reserve(capacity) }
  deinit { unsafe storage?.deallocate() }

  var isEmpty: Bool { count == 0 }

  /// The bytes; valid until the buffer changes.
  var bytes: UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(start: storage, count: count)
  }

  /// The room behind the bytes: what is written there is not counted as theirs.
  var room: UnsafeMutableRawBufferPointer {
    unsafe UnsafeMutableRawBufferPointer(
      start: storage.map { unsafe $0 + count }, count: capacity - count)
  }

  func append(_ bytes: UnsafeRawBufferPointer) {
    guard let source = bytes.baseAddress, bytes.count > 0 else { return }
    if capacity - count < bytes.count {
      reserve(max(count + bytes.count, min(capacity * 2, capacity + (1 << 20)), 4 << 10))
    }
    if let target = unsafe room.baseAddress {
      unsafe target.copyMemory(from: source, byteCount: bytes.count)
    }
    count += bytes.count
  }

  /// Forgets the first bytes; the others move to the front.
  func removeFirst(_ removed: Int) {
    invariant(removed >= 0 && removed <= count, "more was removed than there is")
    guard removed > 0 else { return }
    if removed == count { return removeAll() }
    if let storage = unsafe storage {
      unsafe storage.copyMemory(from: storage + removed, byteCount: count - removed)
    }
    count -= removed
  }

  /// Forgets the bytes, and gives memory back that one long line needed.
  func removeAll() {
    count = 0
    guard capacity > Self.keptBytesMax else { return }
    unsafe storage?.deallocate()
    unsafe storage = nil
    capacity = 0
  }

  private func reserve(_ wanted: Int) {
    let fresh = UnsafeMutableRawPointer.allocate(
      byteCount: wanted + Self.paddingBytes, alignment: 64)
    if let old = unsafe storage {
      unsafe fresh.copyMemory(from: old, byteCount: count)
      unsafe old.deallocate()
    }
    // Zeros once, so that nobody reads memory that was never written.
    unsafe (fresh + count).initializeMemory(
      as: UInt8.self, repeating: 0, count: wanted + Self.paddingBytes - count)
    unsafe storage = fresh
    capacity = wanted
  }
}
