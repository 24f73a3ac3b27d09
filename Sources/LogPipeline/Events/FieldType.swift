/// How a field of a document is kept: its Elasticsearch type in the index template.
package enum FieldType: String, Sendable {
  case keyword, text, long, integer, short, double, float, boolean, date, ip
  /// `flattened` on Elasticsearch, `flat_object` on OpenSearch.
  case flattened
  /// Kept with the document, not to be searched.
  case unsearchedText

  /// What servers call it.
  package var serverName: String { self == .unsearchedText ? "text" : rawValue }
}
