/// The report for people and for programs.
extension CrashTestReport {
  /// Faster than flash without a protected cache can write.
  private static let suspiciousSync: Duration = .microseconds(50)

  package var text: String {
    var text = verdict + "\n"
    for fault in faults { text += "  - \(fault)\n" }
    text += "\nfdatasync:    \(syncText)\nfile system:  \(volume.text)\n"
    for warning in volume.warnings { text += "warning:      \(warning)\n" }
    return text + "\nWhat kill -9 can not show: power loss. \(powerLoss)\n"
  }

  /// One sentence.
  package var verdict: String {
    let rounds = "\(kills) kill -9 in \(rounds) rounds"
    guard survivesKills else {
      return
        "The promise does NOT hold in \(directory): after \(rounds), of \(acknowledged) acknowledged events "
        + "\(lost) were lost, \(doubled) came twice, \(invented) nobody had sent, and the sums were "
        + "\(areSumsExact ? "exact" : "wrong")."
    }
    let survived = "all \(acknowledged) acknowledged events were there after \(rounds)"
    if let reason = volume.forgetsBecause {
      return
        "The promise does NOT hold in \(directory): \(survived), but power loss loses them, because \(reason)."
    }
    return
      "The promise holds in \(directory): \(survived), none twice, none that nobody had sent, every sum exact."
  }

  package var json: JsonValue {
    func milliseconds(_ percent: Int) -> JsonValue {
      sync(percent: percent).map { .number(Double($0.nanoseconds) / 1e6) } ?? .null
    }
    func count(_ value: UInt64) -> JsonValue { .integer(Int64(clamping: value)) }
    return .object([
      ("holds", .bool(holds)), ("verdict", .string(verdict)), ("directory", .string(directory)),
      ("rounds", .integer(Int64(rounds))), ("kills", .integer(Int64(kills))),
      ("seconds", .number(elapsed.inSeconds)), ("acknowledged", count(acknowledged)),
      ("found", count(found)), ("lost", count(lost)), ("doubled", count(doubled)),
      ("invented", count(invented)), ("sums_exact", .bool(areSumsExact)),
      ("faults", .array(faults.map(JsonValue.string))),
      (
        "fdatasync",
        .object([
          ("count", .integer(Int64(syncs.count))), ("p50_ms", milliseconds(50)),
          ("p99_ms", milliseconds(99)), ("max_ms", milliseconds(100)),
        ])
      ),
      (
        "file_system",
        .object([
          ("type", .string(volume.fileSystem)), ("source", .string(volume.source)),
          ("barriers", volume.hasBarriers.map(JsonValue.bool) ?? .null),
          ("disk_write_cache", volume.hasWriteCache.map(JsonValue.bool) ?? .null),
          ("forgets_because", volume.forgetsBecause.map(JsonValue.string) ?? .null),
          ("warnings", .array(volume.warnings.map(JsonValue.string))),
        ])
      ),
      ("not_shown", .string("Power loss. \(powerLoss)")),
    ])
  }

  private var syncText: String {
    guard let p50 = sync(percent: 50), let p99 = sync(percent: 99), let longest = sync(percent: 100)
    else { return "none was seen" }
    return "p50 \(RingFileState.shown(p50)), p99 \(RingFileState.shown(p99)), "
      + "longest \(RingFileState.shown(longest)), of \(syncs.count) commits"
  }

  /// What decides whether a power cut is survived too, as far as it can be told.
  private var powerLoss: String {
    if let reason = volume.forgetsBecause {
      return "There everything is gone, because \(reason). Choose a folder on a disk."
    }
    var text: String
    if !volume.warnings.isEmpty {
      text = "The warning says what decides there."
    } else if volume.hasBarriers == true {
      text =
        "\(volume.fileSystem) makes the disk write out its cache at each fdatasync (barriers are on); whether the disk "
        + "does what it is told only a power cut can show."
    } else {
      text = "Nothing is known of what \(volume.fileSystem) does at each fdatasync."
    }
    if let p50 = sync(percent: 50), p50 < Self.suspiciousSync {
      text +=
        " Half of the commits took less than \(RingFileState.shown(Self.suspiciousSync)): that is a cache with a "
        + "battery, or one that does not write out; ask whoever runs the disk."
    }
    return text
  }
}
