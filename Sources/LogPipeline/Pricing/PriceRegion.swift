/// A place of processing that some providers charge more for; anywhere else is `nil`.
package enum PriceRegion: String, Sendable, CaseIterable {
  case eu, us
}
