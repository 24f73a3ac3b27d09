/// One thing that `setup` looked after: what was there, what was done, what is left to do.
package struct SetupStep: Equatable {
  package enum Grade: String, Sendable {
    /// As it should be, before or now.
    case good
    /// Worth knowing; nothing must be done.
    case note
    /// Not as it should be; the advice says what to do.
    case notInPlace = "not_in_place"
    /// This user lacks a privilege.
    case notAllowed = "not_allowed"
    /// The server did not answer, or said nothing of use.
    case failed
  }

  /// "template", "retention", ...
  package let subject: String
  /// What it is about: a name, an address.
  package let name: String
  /// What was found, and what was done.
  package let happened: String
  package let grade: Grade
  /// What to do about it; empty: nothing.
  package var advice = ""
}
