import CLinux

/// The processor's nearest memory.
enum ProcessorCache {
  private static let lineBytes = 64

  /// The first bytes of an object that will be used soon are fetched meanwhile.
  @inline(__always) static func prefetch(_ object: AnyObject, lines: Int = 4) {
    let start = unsafe UnsafeRawPointer(Unmanaged.passUnretained(object).toOpaque())
    for line in 0..<lines { unsafe clinux_prefetch(start + line * lineBytes) }
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
