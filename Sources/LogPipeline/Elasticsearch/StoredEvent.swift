/// One event as it is sent, taken apart: for dead letters and messages, not for the way of good events.
package struct StoredEvent {
  package let index: String
  package let id: String
  package let document: [UInt8]

  /// - Parameter lines: the action line and the document, each with its end.
  package init(_ lines: ArraySlice<UInt8>) {
    let parts = lines.split(separator: UInt8(ascii: "\n"), maxSplits: 1)
    let action = (try? JsonValue.parse(Array(parts.first ?? [])))?["create"]
    index = action?["_index"]?.string ?? "(unknown)"
    id = action?["_id"]?.string ?? ""
    var document = Array(parts.dropFirst().first ?? [])
    if document.last == UInt8(ascii: "\n") { document.removeLast() }
    self.document = document
  }
}
