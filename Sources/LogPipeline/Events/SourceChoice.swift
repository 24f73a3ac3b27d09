/// Which sources a ``SourceMeaning`` is for: all that is set must fit.
package struct SourceChoice: Sendable {
  package var input: SourceContext.Input?
  /// The webhook path the body came to.
  package var path: String?
  /// `x-source` of the request.
  package var name: String?
  package let meaning: SourceMeaning

  package init(_ meaning: SourceMeaning) { self.meaning = meaning }

  func fits(_ source: SourceContext) -> Bool {
    (input == nil || input == source.input) && (path == nil || path == source.path)
      && (name == nil || name == source.name)
  }
}
