import LogPipeline
import Testing

/// The program as it was built, beside the tests.
enum BuiltProgram {
  /// SHEEPSHIPPER_PROGRAM, else `sheepshipper` in the folder of the test program.
  static var path: String {
    Environment.value(of: "SHEEPSHIPPER_PROGRAM")
      ?? "\(FileSystem.parent(of: CommandLine.arguments[0]))/sheepshipper"
  }

  struct Outcome {
    let ending: ChildProcess.Ending?
    let output: String
    let error: String
  }

  /// Runs it to its end, at most 30 seconds, with nothing but `environment` around it.
  static func run(
    _ arguments: [String], environment: [String: String] = [:]
  ) throws -> Outcome {
    let child = try ChildProcess(path, arguments, environment: environment)
    let ending = child.wait(until: SystemClock().now() + .seconds(30))
    return Outcome(ending: ending, output: child.outputText, error: child.errorText)
  }
}
