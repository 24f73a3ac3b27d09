/// The start was broken off because somebody asked: nothing was taken in, nothing stays behind.
package struct AgentStopped: Error, CustomStringConvertible {
  package var description: String { "Stopped before the ring was made; nothing was taken in." }
}
