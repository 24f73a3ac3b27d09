import CLinux

/// The processor's nearest memory.
enum ProcessorCache {
  private static let lineBytes = 64

  /// Where an object lies: what keeps it can be asked for it without touching the object, which counting a reference does.
  @safe struct Address {
    fileprivate let start: UnsafeRawPointer

    init(of object: AnyObject) {
      unsafe start = UnsafeRawPointer(Unmanaged.passUnretained(object).toOpaque())
    }
  }

  /// The first bytes of an object that will be used soon are fetched meanwhile.
  @inline(__always) static func prefetch(_ object: Address, lines: Int = 4) {
    for line in 0..<lines { unsafe clinux_prefetch(object.start + line * lineBytes) }
  }

  /// Memory that will be written soon.
  @inline(__always) static func prefetch(forWriting room: UnsafeMutableRawBufferPointer) {
    guard let start = room.baseAddress else { return }
    for at in stride(from: 0, to: room.count, by: lineBytes) {
      unsafe clinux_prefetch_for_writing(start + at)
    }
  }

  /// An element of an array that will be asked for soon, and what says how long the array is.
  @inline(__always) static func prefetch<T>(_ index: Int, of array: [T]) {
    unsafe array.withUnsafeBufferPointer { elements in
      guard let start = elements.baseAddress else { return }
      unsafe clinux_prefetch(UnsafeRawPointer(start) - arrayHeaderBytes)
      unsafe clinux_prefetch(start + index)
    }
  }
  private static let arrayHeaderBytes = 32
}
