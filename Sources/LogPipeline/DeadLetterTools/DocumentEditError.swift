/// An edit can not be understood, or not be made in a document. Nothing was sent.
package struct DocumentEditError: Error, Equatable, CustomStringConvertible {
  package let edit: String
  package let reason: String

  package var description: String {
    "The edit \(edit) can not be made: \(reason). Edits look like '.latency_ms = 12' or 'del(.extra.x)'."
  }
}
