/// A connection a listener gave out.
package struct AcceptedSocket: ~Copyable {
  package let descriptor: FileDescriptor
  /// "203.0.113.7:514" or "[2001:db8::1]:514".
  package let peer: String

  init(descriptor: consuming FileDescriptor, peer: String) {
    self.descriptor = descriptor
    self.peer = peer
  }

  /// Gives the descriptor to a longer-living owner.
  package consuming func take() -> FileDescriptor { descriptor }
}
