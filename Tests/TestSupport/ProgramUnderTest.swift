import Glibc
import LogPipeline

/// Where the built program is: SHEEPSHIPPER_PROGRAM, else beside the test program.
package enum ProgramUnderTest {
  package static var path: String {
    if let given = LogPipeline.Environment.value(of: "SHEEPSHIPPER_PROGRAM") { return given }
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count - 1)
    let own = String(decoding: buffer[..<max(0, count)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return FileSystem.parent(of: own) + "/sheepshipper"
  }
}
