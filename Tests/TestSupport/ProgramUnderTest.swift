import Glibc
package import LogPipeline

/// Where the built program is: SHEEPSHIPPER_PROGRAM, else beside the test program.
package enum ProgramUnderTest {
  package static var path: String {
    LogPipeline.Environment.value(of: "SHEEPSHIPPER_PROGRAM") ?? besideTests
  }

  /// In the folder of the test program, whatever the environment says.
  package static var besideTests: String {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count - 1)
    let own = String(
      decoding: buffer[..<max(0, count)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return FileSystem.parent(of: own) + "/sheepshipper"
  }

  package struct Result: Sendable {
    package let ending: ChildProcess.Ending?
    package let output: String
    package let error: String
  }

  /// Runs it to its end, at most two minutes.
  package static func run(
    _ arguments: [String], settings: [String] = [], input: ChildProcess.Input = .null
  ) throws -> Result {
    let child = try ChildProcess(
      path, arguments + settings.flatMap { ["--set", $0] }, input: input)
    let ending = child.wait(until: SystemClock().now() + .seconds(120))
    return Result(ending: ending, output: child.outputText, error: child.errorText)
  }
}
