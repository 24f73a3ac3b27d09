/// What the daily files say of a stream: how far it was archived, whatever the ring still knows.
package enum ArchiveSequences {
  /// An append that the ring could have forgotten is not older than this before the newest one.
  private static let reachSeconds: Int64 = 86_400

  /// The highest sequence of a stream in the files appended to last; 0 when there is none.
  ///
  /// Walks headers, one read a member. Files that can not be read are left out: appending to them will complain.
  package static func last(of stream: StreamId, in folder: String) -> UInt64 {
    let names = ((try? FileSystem.names(in: folder)) ?? []).filter { $0.hasSuffix(".ndjson.gz") }
    let files = names.compactMap { name -> (path: String, modified: Int64)? in
      let path = "\(folder)/\(name)"
      guard let status = try? FileSystem.status(of: path), status.kind == .regular else {
        return nil
      }
      return (path, status.modifiedSeconds)
    }
    let newest = files.map(\.modified).max() ?? 0
    return files.reduce(0) { last, file in
      guard file.modified >= newest - reachSeconds else { return last }
      var day = ArchiveDayFile(path: file.path)
      guard (try? day.open()) != nil else { return last }
      return max(last, day.lastSequence(of: stream))
    }
  }
}
