// swift-tools-version: 6.3
import PackageDescription

// A package of its own, built with the coverage that libFuzzer reads and with AddressSanitizer (`make fuzz`). It holds the
// agent's sources as its own targets (`Agent` is a link to ../Sources). Keep the targets as in ../Package.swift.
let houseSettings: [SwiftSetting] = [
  .swiftLanguageMode(.v6), .treatAllWarnings(as: .error), .strictMemorySafety(),
  .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

func system(_ name: String, pkgConfig: String? = nil) -> Target {
  .systemLibrary(name: name, path: "Agent/CLibraries/\(name)", pkgConfig: pkgConfig)
}

let package = Package(
  name: "Fuzzing",
  targets: [
    system("CCurl", pkgConfig: "libcurl"),
    system("CZlib", pkgConfig: "zlib"),
    system("CMicrohttpd", pkgConfig: "libmicrohttpd"),
    system("CGnutls", pkgConfig: "gnutls"),
    system("CXxhash", pkgConfig: "libxxhash"),
    system("CWslay"),
    system("CYaml", pkgConfig: "yaml-0.1"),
    .target(
      name: "CSimdjson", path: "Agent/CLibraries/CSimdjson",
      linkerSettings: [.linkedLibrary("simdjson"), .linkedLibrary("stdc++")]),
    .target(name: "CLinux", path: "Agent/CLibraries/CLinux"),
    .target(name: "CIsal", path: "Agent/CLibraries/CIsal"),
    .target(name: "CResources", path: "Agent/CLibraries/CResources", exclude: ["data"]),
    .target(
      name: "LogPipeline",
      dependencies: [
        "CCurl", "CZlib", "CMicrohttpd", "CGnutls", "CXxhash", "CYaml", "CWslay", "CSimdjson",
        "CLinux", "CIsal", "CResources",
      ],
      path: "Agent/LogPipeline", swiftSettings: houseSettings),
    .target(name: "CFuzzer"),
    .executableTarget(
      name: "fuzz", dependencies: ["LogPipeline", "CFuzzer"],
      swiftSettings: houseSettings),
  ],
  cxxLanguageStandard: .cxx17
)
