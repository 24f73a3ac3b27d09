import CLinux

/// The processor's nearest memory.
enum ProcessorCache {
  private static let lineBytes = 64

  /// The first bytes of an object that will be used soon are fetched meanwhile.
  @inline(__always) static func prefetch(_ object: AnyObject, lines: Int = 4) {
    let start = unsafe UnsafeRawPointer(Unmanaged.passUnretained(object).toOpaque())
    for line in 0..<lines { unsafe clinux_prefetch(start + line * lineBytes) }
  }
}
