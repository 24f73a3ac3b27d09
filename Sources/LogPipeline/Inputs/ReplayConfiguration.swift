/// What a replay needs to know besides its files.
package struct ReplayConfiguration: Sendable {
  /// `state_dir/replay`.
  package var checkpointFolder: String
  /// The index of a day (days since 1970): archived lines go back to the index of theirs.
  package var indexName: @Sendable (Int32) -> String
  package var lineMaxBytes = LineReader.lineMaxBytesDefault
  /// Differs when other lines become events (program version, limits): the archive then numbers them anew.
  package var settings: String
  /// Where the events go; a file that was replayed elsewhere is not done.
  package var destination: String?
  /// Whose deflate makes the blocks smaller.
  package var compression = CompressionLibrary.zlib
  package var progress: ReplayProgressText.Style = .quiet

  package init(
    checkpointFolder: String, settings: String, indexName: @escaping @Sendable (Int32) -> String
  ) {
    self.checkpointFolder = checkpointFolder
    self.indexName = indexName
    self.settings = settings
  }
}
