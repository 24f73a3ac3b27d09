/// What `setup` may do.
package struct SetupChoices: Equatable, Sendable {
  /// What has our names and other content becomes ours.
  package var replaces = false
  /// Indices that are there already get the retention policy too.
  package var appliesToExisting = false
  package init(replaces: Bool = false, appliesToExisting: Bool = false) {
    (self.replaces, self.appliesToExisting) = (replaces, appliesToExisting)
  }
}
