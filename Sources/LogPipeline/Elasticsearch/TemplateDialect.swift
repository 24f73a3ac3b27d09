/// What of the template a server understands.
package struct TemplateDialect: Equatable, Sendable {
  package var flattened: FlattenedKind
  /// Whether indices can name their lifecycle policy: Elasticsearch with ILM.
  package var hasLifecycle = false

  package init(flattened: FlattenedKind, hasLifecycle: Bool = false) {
    self.flattened = flattened
    self.hasLifecycle = hasLifecycle
  }
}
