/// Comparing what we want with what a server has: it may hold more than we ask for, and says numbers as texts.
extension JsonValue {
  /// The first place where `found` lacks a member of this value or has it otherwise; nil: all of it is there.
  /// Members that only `found` has are no matter.
  package func difference(from found: JsonValue, at path: String) -> String? {
    switch self {
    case .object(let members):
      for (key, value) in members {
        guard let other = found[key] else { return "\(path).\(key) is missing" }
        if let difference = value.difference(from: other, at: "\(path).\(key)") {
          return difference
        }
      }
      return found.members == nil ? "\(path) is \(found.text) and no object" : nil
    case .array(let elements):
      guard let others = found.elements, others.count == elements.count else {
        return "\(path) is \(found.text) and not \(text)"
      }
      for (index, (element, other)) in zip(elements, others).enumerated() {
        if let difference = element.difference(from: other, at: "\(path)[\(index)]") {
          return difference
        }
      }
      return nil
    default:
      let (a, b) = (string ?? text, found.string ?? found.text)
      return a == b ? nil : "\(path) is \(b) and not \(a)"
    }
  }

  /// `found` with all of this value in it; what only `found` has stays.
  ///
  /// A field's mapping that differs is taken over whole: half of one type and half of another is none.
  package func merged(into found: JsonValue) -> JsonValue {
    guard let members, var result = found.members else { return self }
    for (key, value) in members {
      guard let at = result.lastIndex(where: { $0.key == key }) else {
        result.append((key, value))
        continue
      }
      let other = result[at].value
      if value.difference(from: other, at: "") == nil { continue }
      let isMapping = value["type"]?.string != nil || value["enabled"] != nil
      let isOtherKind = (value["properties"] == nil) != (other["properties"] == nil)
      result[at].value = isMapping || isOtherKind ? value : value.merged(into: other)
    }
    return .object(result)
  }
}
