import CFuzzer
import Glibc
import LogPipeline

/// What each name of the first argument fuzzes.
let surfaces: [(name: String, make: () throws -> any Surface)] = [
  ("frames", { try FrameSurface() }),
  ("bodies", { BodySurface() }),
  ("gzip", { GzipSurface() }),
  ("traces", { try TraceSurface() }),
  ("text", { TextSurface() }),
  ("answers", { AnswerSurface() }),
  ("tcp", { try NetworkSurface(.tcp) }),
  ("http", { try NetworkSurface(.http) }),
  ("stream", { try NetworkSurface(.stream) }),
]

var arguments = CommandLine.arguments
guard arguments.count > 1, let chosen = surfaces.first(where: { $0.name == arguments[1] }) else {
  print("fuzz \(surfaces.map(\.name).joined(separator: "|")) [CORPUS] [-max_total_time=60 ...]")
  exit(2)
}
Log.setMinimum(.silent)
Environment.ignoreBrokenPipes()
arguments.remove(at: 1)
nonisolated(unsafe) let surface = try chosen.make()

// libFuzzer keeps the arguments for ever.
let count = arguments.count
let texts = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: count + 1)
for index in 0..<count { unsafe texts[index] = unsafe strdup(arguments[index]) }
unsafe texts[count] = nil
var argumentCount = Int32(count)
var argumentList: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = unsafe texts
exit(
  unsafe LLVMFuzzerRunDriver(&argumentCount, &argumentList) { bytes, size in
    unsafe surface.run([UInt8](UnsafeRawBufferPointer(start: bytes, count: size)))
    return 0
  })
