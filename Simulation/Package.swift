// swift-tools-version: 6.3
import PackageDescription

// A package of its own, so that the ring and its simulator build within seconds. Its `LogPipeline` is made of links to the folders
// that the ring needs (`Agent` is a link to ../Sources). Keep the targets as in ../Package.swift.
let houseSettings: [SwiftSetting] = [
  .swiftLanguageMode(.v6), .treatAllWarnings(as: .error), .strictMemorySafety(),
  .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

func system(_ name: String, pkgConfig: String) -> Target {
  .systemLibrary(name: name, path: "Agent/CLibraries/\(name)", pkgConfig: pkgConfig)
}

let package = Package(
  name: "Simulation",
  targets: [
    system("CZlib", pkgConfig: "zlib"),
    system("CXxhash", pkgConfig: "libxxhash"),
    .target(name: "CLinux", path: "Agent/CLibraries/CLinux"),
    .target(name: "CIsal", path: "Agent/CLibraries/CIsal"),
    .target(
      name: "LogPipeline", dependencies: ["CZlib", "CXxhash", "CLinux", "CIsal"],
      // These two need the libraries of the network, or the files built into the agent.
      exclude: ["System/Resources.swift", "System/Versions.swift"], swiftSettings: houseSettings),
    .target(
      name: "RingSimulation", dependencies: ["LogPipeline"], swiftSettings: houseSettings),
    .executableTarget(
      name: "ring-simulator", dependencies: ["LogPipeline", "RingSimulation"],
      swiftSettings: houseSettings),
  ],
  cxxLanguageStandard: .cxx17
)
