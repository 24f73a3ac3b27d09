/// Bytes that grow at the end, followed by readable padding as the JSON parser wants it.
@safe package final class IntakeBuffer {
  /// The parser reads up to so many bytes past the end; what stands there does not matter.
  static let paddingBytes = 64
  /// What an emptied buffer may keep for its next use.
  private static let keptBytesMax = 64 << 10
  /// From here on memory is mapped: dozens of long lines that grow in turn leave the allocator holes of every size, many
  /// times of what they hold together.
  private static let mappedBytesMin = 512 << 10

  private var storage: UnsafeMutableRawPointer?
  package private(set) var capacity = 0
  package private(set) var count = 0

  package init() {}
  init(capacity: Int) { reserve(capacity) }
  deinit { free() }

  var isEmpty: Bool { count == 0 }

  /// The bytes; valid until the buffer changes.
  package var bytes: UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(start: storage, count: count)
  }

  /// The room behind the bytes: what is written there is not counted as theirs.
  var room: UnsafeMutableRawBufferPointer {
    unsafe UnsafeMutableRawBufferPointer(
      start: storage.map { unsafe $0 + count }, count: capacity - count)
  }

  package func append(_ bytes: UnsafeRawBufferPointer) {
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
  package func removeFirst(_ removed: Int) {
    invariant(removed >= 0 && removed <= count, "more was removed than there is")
    guard removed > 0 else { return }
    if removed == count { return removeAll() }
    if let storage = unsafe storage {
      unsafe storage.copyMemory(from: storage + removed, byteCount: count - removed)
    }
    count -= removed
    if isMapped, count < capacity / 8 { shrink() }
  }

  /// One long line has passed, and what is left needs little.
  private func shrink() {
    let rest = IntakeBuffer(capacity: max(count, 4 << 10))
    unsafe rest.append(bytes)
    free()
    unsafe storage = rest.storage
    capacity = rest.capacity
    unsafe rest.storage = nil
  }

  /// Forgets the bytes, and gives memory back that one long line needed.
  package func removeAll() {
    count = 0
    if capacity > Self.keptBytesMax { release() }
  }

  /// Forgets the bytes and gives all memory back.
  func release() {
    count = 0
    free()
    unsafe storage = nil
    capacity = 0
  }

  private var isMapped: Bool { capacity + Self.paddingBytes >= Self.mappedBytesMin }

  private func free() {
    guard let storage = unsafe storage else { return }
    if isMapped {
      unsafe MappedMemory.unmap(storage, capacity + Self.paddingBytes)
    } else {
      unsafe storage.deallocate()
    }
  }

  private func reserve(_ wanted: Int) {
    if wanted + Self.paddingBytes >= Self.mappedBytesMin { return reserveMapped(wanted) }
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

  private func reserveMapped(_ wanted: Int) {
    let bytes = wanted + Self.paddingBytes
    if let old = unsafe storage, isMapped {
      unsafe storage = MappedMemory.grow(old, from: capacity + Self.paddingBytes, to: bytes)
    } else {
      let fresh = unsafe MappedMemory.map(bytes)
      if let old = unsafe storage {
        unsafe fresh.copyMemory(from: old, byteCount: count)
        unsafe old.deallocate()
      }
      unsafe storage = fresh
    }
    capacity = wanted
  }
}
