/// What holds for events of certain sources: which prices, what becomes of texts, and whether a team named in a
/// header is believed.
package struct SourceRule: Equatable, Sendable {
  package var match = Match()
  /// nil: as `pricing.book` says.
  package var book: Configuration.Pricing.Book?
  /// nil: as `pricing.basis` says.
  package var basis: Configuration.Pricing.Basis?
  /// Where the provider processes the calls; some charge more for that. nil: only an event itself may say so.
  package var region: PriceRegion?
  package var isTeamHeaderTrusted = false
  /// nil: as `privacy.content` says.
  package var content: Configuration.Privacy.Content?

  package init() {}

  /// All that is set must fit.
  package struct Match: Equatable, Sendable {
    package var input: SourceContext.Input?
    /// The webhook path the body came to.
    package var path: String?
    /// `x-source` of the request.
    package var name: String?
  }
}
