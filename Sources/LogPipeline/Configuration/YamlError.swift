/// Why a text is not the YAML we take.
package struct YamlError: Error, Equatable, CustomStringConvertible {
  package let reason: String
  /// nil when no place is to blame.
  package let place: YamlPlace?

  package init(_ reason: String, at place: YamlPlace?) {
    self.reason = reason
    self.place = place
  }

  package var description: String {
    guard let place else { return reason }
    return "line \(place.line), column \(place.column): \(reason)"
  }
}
