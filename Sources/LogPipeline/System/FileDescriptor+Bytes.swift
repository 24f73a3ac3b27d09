extension FileDescriptor {
  /// The bytes from `offset` on, at most `count`; fewer at the end of the file.
  package func bytes(at offset: UInt64, count: Int) throws(SystemError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var failure: SystemError?
    let found = unsafe bytes.withUnsafeMutableBytes { buffer in
      do throws(SystemError) { return try unsafe read(into: buffer, at: offset) } catch {
        failure = error
        return 0
      }
    }
    if let failure { throw failure }
    bytes.removeLast(count - found)
    return bytes
  }
}
