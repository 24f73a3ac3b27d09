import CLinux
import Glibc

/// Zeroed memory straight from the kernel: what is given back is gone from the process at once, and it grows without being
/// copied. For large pieces that come and go; the allocator would keep holes of their sizes.
package enum MappedMemory {
  /// Stops the process when there is none, as the allocator does.
  package static func map(_ bytes: Int) -> UnsafeMutableRawPointer {
    unsafe checked(
      mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), bytes)
  }

  /// What is there stays, in another place perhaps; what is new is zero.
  package static func grow(
    _ memory: UnsafeMutableRawPointer, from oldBytes: Int, to newBytes: Int
  ) -> UnsafeMutableRawPointer {
    unsafe checked(clinux_mremap(memory, oldBytes, newBytes), newBytes)
  }

  package static func unmap(_ memory: UnsafeMutableRawPointer, _ bytes: Int) {
    unsafe _ = munmap(memory, bytes)
  }

  /// What both calls answer instead of memory.
  private static var failed: UnsafeMutableRawPointer? {
    unsafe UnsafeMutableRawPointer(bitPattern: -1)
  }

  private static func checked(
    _ mapped: UnsafeMutableRawPointer?, _ bytes: Int
  ) -> UnsafeMutableRawPointer {
    guard let mapped = unsafe mapped, unsafe mapped != failed else {
      fatalError("out of memory: \(bytes) bytes could not be mapped (\(SystemError.last("mmap")))")
    }
    return unsafe mapped
  }
}
