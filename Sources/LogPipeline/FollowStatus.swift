/// The status of followed files.
enum FollowStatus {
  static func section(of follow: FollowSnapshot) -> StatusSection {
    let counters = follow.counters
    return StatusSection(
      "follow",
      state: follow.input.isPaused
        ? "paused: the ring has no room"
        : follow.filesWaiting > 0
          ? "\(follow.filesWaiting) files wait: as many are open as may be (inputs.follow.files_max)"
          : "open",
      texts: follow.files.enumerated().map { index, file in
        StatusSection.Text(
          "file_\(index + 1)",
          "\(file.path): offset \(file.offsetBytes) of \(file.sizeBytes), \(file.behindBytes) behind"
        )
      },
      metrics: [
        .gauge("files", "Followed files that are there.", follow.filesKnown),
        .gauge("files_open", "Of them open.", follow.filesOpen),
        .gauge(
          "files_waiting", "Files that wait until another may be closed.", follow.filesWaiting),
        .gauge("behind_bytes", "Bytes in open files that were not read yet.", follow.behindBytes),
        .gauge(
          "folders_unwatched", "Folders looked at by the clock alone.", follow.foldersUnwatched),
        .counter("lines", "Lines read.", counters.lines),
        .counter("bytes", "Bytes of lines read, inflated.", counters.bytes),
        .counter("rotations", "Files that were renamed or deleted.", counters.rotations),
        .counter(
          "truncations", "Files that became shorter or another content.", counters.truncations),
        .counter(
          "truncated_unread_bytes",
          "Bytes seen in truncated files and not read there; a followed copy brings them.",
          counters.truncatedUnreadBytes),
        .counter(
          "recognised", "Copies and gzip files whose content was known.", counters.recognised),
        .counter("replaced", "Files with another content than before.", counters.replaced),
        .counter(
          "failures", "Files that could not be opened or read, each try.", counters.failures),
        .counter("save_failures", "Saves of the positions that failed.", counters.saveFailures),
        .counter(
          "refused", "Lines that were not taken; refused.ndjson says why.", follow.input.refused),
        .counter(
          "pauses", "Times reading stopped because the ring had no room.", follow.input.pauses),
      ])
  }
}
