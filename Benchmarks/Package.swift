// swift-tools-version: 6.3
import PackageDescription

// A package of its own, so that users do not build it. The stages are `package` and not `public`, which another package can not
// see; so this one holds the agent's sources as its own targets (`Agent` is a link to ../Sources). Keep the targets as in
// ../Package.swift.
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
  name: "Benchmarks",
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
    .executableTarget(
      name: "stage-benchmarks", dependencies: ["LogPipeline"], swiftSettings: houseSettings),
  ],
  cxxLanguageStandard: .cxx17
)
