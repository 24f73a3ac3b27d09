/// The ways to map a free-form object.
package enum FlattenedKind: String, CaseIterable {
  /// Elasticsearch's: one field that holds any object, searchable by key.
  case flattened
  /// OpenSearch's name for the same, since 2.7.
  case flatObject = "flat_object"
  /// Kept in the source, not searchable: works everywhere.
  case disabledObject = "disabled"
}
