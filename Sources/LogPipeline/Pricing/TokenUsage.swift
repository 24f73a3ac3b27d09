/// What a call used, in tokens. No count is negative.
///
/// `promptTokens` includes cache reads and writes, `completionTokens` includes reasoning: whoever reads an event adds
/// what its sender left out, so that one formula prices them all.
package struct TokenUsage: Equatable, Sendable {
  package var promptTokens: Int64?
  package var completionTokens: Int64?
  package var totalTokens: Int64?
  /// Read from the provider's cache.
  package var cachedTokens: Int64 = 0
  /// Written to a cache that lives five minutes.
  package var cacheWriteTokens: Int64 = 0
  /// Written to a cache that lives an hour; not part of `cacheWriteTokens`.
  package var cacheWrite1hTokens: Int64 = 0
  package var reasoningTokens: Int64 = 0

  package init(
    promptTokens: Int64? = nil, completionTokens: Int64? = nil, totalTokens: Int64? = nil,
    cachedTokens: Int64 = 0, cacheWriteTokens: Int64 = 0, cacheWrite1hTokens: Int64 = 0,
    reasoningTokens: Int64 = 0
  ) {
    self.promptTokens = promptTokens
    self.completionTokens = completionTokens
    self.totalTokens = totalTokens
    self.cachedTokens = cachedTokens
    self.cacheWriteTokens = cacheWriteTokens
    self.cacheWrite1hTokens = cacheWrite1hTokens
    self.reasoningTokens = reasoningTokens
  }
}
