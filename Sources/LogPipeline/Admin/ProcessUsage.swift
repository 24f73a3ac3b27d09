/// What the process takes of the machine.
package struct ProcessUsage: Equatable, Sendable {
  /// User and system, since the start.
  package var cpuSeconds: Double
  package var residentBytes: UInt64
  package var peakResidentBytes: UInt64
  /// Its number among all processes.
  package var id: Int32 = Environment.processId

  package init(cpuSeconds: Double, residentBytes: UInt64, peakResidentBytes: UInt64) {
    self.cpuSeconds = cpuSeconds
    self.residentBytes = residentBytes
    self.peakResidentBytes = peakResidentBytes
  }

  /// This process, now; resident bytes are 0 where /proc can not be read.
  ///
  /// The peak is the kernel's `VmHWM`: getrusage's begins with that of the program that started this one.
  package static func now() -> ProcessUsage {
    let status = (try? FileSystem.read("/proc/self/status", limitBytes: 64 << 10)) ?? []
    return ProcessUsage(
      cpuSeconds: Environment.cpuSeconds, residentBytes: residentBytes(inProcStatus: status),
      peakResidentBytes: residentBytes("VmHWM:", inProcStatus: status))
  }

  /// A line like `VmRSS:	   18432 kB` of /proc/self/status.
  static func residentBytes(_ name: String = "VmRSS:", inProcStatus text: [UInt8]) -> UInt64 {
    for line in text.split(separator: UInt8(ascii: "\n")) where line.starts(with: name.utf8) {
      let digits = line.filter { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      return (UInt64(String(decoding: digits, as: UTF8.self)) ?? 0) * 1024
    }
    return 0
  }
}
