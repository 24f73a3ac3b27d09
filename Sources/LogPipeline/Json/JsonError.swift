/// Why a text is no JSON document.
package struct JsonError: Error, Equatable, CustomStringConvertible {
  package let reason: String
  package var description: String { "not valid JSON: \(reason)" }
}
