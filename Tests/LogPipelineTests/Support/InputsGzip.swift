import Glibc
import LogPipeline

/// One gzip member, made by the gzip program so that our own code does not vouch for itself.
func inputsGzip(_ bytes: [UInt8]) -> [UInt8] {
  do {
    let folder = try FileSystem.makeTemporaryDirectory(prefix: "gzip")
    let path = "\(folder)/body"
    defer {
      try? FileSystem.remove("\(path).gz")
      try? FileSystem.removeDirectory(folder)
    }
    try FileSystem.replace(path, with: bytes)
    guard unsafe system("gzip -n '\(path)'") == 0 else { return [] }
    return try FileSystem.read("\(path).gz")
  } catch { return [] }
}
