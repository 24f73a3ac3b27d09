/// Makes a ring's file ahead of its opening, which then takes no time.
package enum RingMaking {
  /// Does nothing when the file is there.
  ///
  /// `goesOn` is told after each MiB how far it is; false breaks off, and then this answers false. Throws why it can not
  /// be made. In both cases nothing stays behind.
  package static func makeIfMissing(
    _ configuration: RingConfiguration, clock: any Clock,
    goesOn: @escaping (RingProgress) -> Bool
  ) throws(RingError) -> Bool {
    guard configuration.sizeBytes >= RingConfiguration.sizeBytesMin,
      !FileSystem.exists(configuration.path)
    else { return true }
    do throws(RingError) {
      try RingFile.open(configuration, clock: clock, goesOn: goesOn).unlock()
      return true
    } catch .system(_, let error) where error.code == SystemError.cancelled {
      return false
    } catch {
      throw error
    }
  }
}
