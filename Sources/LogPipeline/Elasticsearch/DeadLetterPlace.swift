/// Names a dead letter among all: where its event was, and its id.
package struct DeadLetterPlace: Hashable, Sendable {
  package let ring: StreamId
  package let sequence: UInt64
  package let id: String

  package init(ring: StreamId, sequence: UInt64, id: String) {
    (self.ring, self.sequence, self.id) = (ring, sequence, id)
  }
}
